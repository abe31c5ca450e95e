"""What has to be done before the first request."""

import os
import time


def prepare() -> None:
    time.sleep(float(os.environ.get("START_DELAY_SECONDS", "20")))
