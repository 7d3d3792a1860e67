"""What is held about a person, wherever it lies: for export (Art. 15), erasure (Art. 17) and record (Art. 30)."""
