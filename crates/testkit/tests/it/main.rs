//! The test servers themselves: that they answer, keep tests apart and verify by our authority.

mod servers;
