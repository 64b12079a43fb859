//! A way to the target through a jump host. (filled by the driver work)
