"""What every slice stands on: pure words and numbers, the store, paper, and Qt."""
