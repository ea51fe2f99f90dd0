"""The benchmark: every figure a ratio to set-based SQL over the same tables and rows, in the same run."""
