"""What a pharmacist sees of an assessment."""
