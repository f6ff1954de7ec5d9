"""The tests mirror the code; tests/README.md says where to start."""
