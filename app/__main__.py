"""python -m app, and the command `descent` of the wheel."""

import os

# More threads don't speed up matrices this small. NumPy reads this when it is imported below.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from app.commands.cli import main

if __name__ == "__main__":
    main()
