//! Findings in, mended files out, every other byte as it was.
