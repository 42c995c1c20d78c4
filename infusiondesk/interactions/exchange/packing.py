"""How the rows of a layer are kept: one packed text, because a hundred thousand rows are read at once or not at all."""

import json
import zlib

from infusiondesk.interactions.rules.layers import LayerContent
from infusiondesk.interactions.rules.names import Ingredient


def packed(content: LayerContent) -> bytes:
    """The pairs and names of a layer as they are kept."""
    names = [[name.key, *name.rxcuis] for name in content.names]
    kept = {"pairs": content.listed, "names": names, "words": content.words}
    return zlib.compress(json.dumps(kept, separators=(",", ":"), ensure_ascii=False).encode(), 6)


def unpacked(kept: bytes) -> LayerContent:
    """The layer as it was packed; what was repaired stands beside it in the store."""
    read = json.loads(zlib.decompress(kept))
    names = tuple(Ingredient(key, rxcuis=tuple(rxcuis)) for key, *rxcuis in read["names"])
    return LayerContent(tuple(map(tuple, read["pairs"])), tuple(read["words"]), names)
