"""Names of instruments."""


def symbols(count):
    """SAA, SAB, ..."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [f"S{letters[i // 26]}{letters[i % 26]}" for i in range(count)]
