//! Every end-to-end test, one binary.
