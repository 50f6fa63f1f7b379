"""Write the golden figures of all shipped scenarios, or of those named."""

import sys

from sim import list_scenarios
from tests.golden import path_of, text_of

for name in sys.argv[1:] or [card.id for card in list_scenarios()]:
    path_of(name).write_text(text_of(name), encoding="utf-8")
    sys.stdout.write(f"{path_of(name).name}\n")
