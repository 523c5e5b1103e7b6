import os

# More threads don't speed up matrices this small. NumPy reads this when it is imported below.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from app.commands.cli import cli

if __name__ == "__main__":
    cli()
