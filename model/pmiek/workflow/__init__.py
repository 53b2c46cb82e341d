"""The workflow: what a batch consists of, and one function per rule with paths in and paths out."""
