"""``python -m pmiek`` does what the command ``pmiek`` does."""

from pmiek.cli import main

if __name__ == "__main__":
    main()
