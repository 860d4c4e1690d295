"""``python -m server.openapi`` prints what the API takes and gives, as the generated TypeScript needs it."""

import json
import sys

from server.app import routes_only

if __name__ == "__main__":
    json.dump(routes_only().openapi(), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    sys.stdout.write("\n")
