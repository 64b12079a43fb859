//! The suite that every driver passes on real servers. (filled by the driver work)
