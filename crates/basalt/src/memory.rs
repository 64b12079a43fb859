//! Gives large blocks of memory back as soon as they are free.
//!
//! glibc takes blocks above a threshold straight from the kernel and returns them when they are freed; but each such return
//! raises the threshold to the size of the block, up to 32 MiB. After the first password check (19 MiB for argon2)
//! later ones come from the heap, which keeps them: an idle server then holds 40 MiB more than it needs. A threshold
//! that is set stays.

/// Bytes from which a block is the kernel's own.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: libc::c_int = 1 << 20;

/// To be called first, while there is one thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the allocator has no other switch than this C function")]
pub fn return_large_blocks() {
    // SAFETY: takes two numbers and no pointers; nothing else uses the allocator's settings at the start of main.
    // A refusal changes nothing, and then memory is merely as it would be without the call.
    let _ = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE) };
}

/// Other allocators need no such advice.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn return_large_blocks() {}
