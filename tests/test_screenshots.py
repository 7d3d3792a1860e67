import struct
import zlib

from tests.screenshots import SIGNATURE, _chunk, _chunks, smaller

HEAD = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
PIXELS = (b"\0" + bytes(range(192))) * 64


def test_it_packs_a_picture_tighter_and_leaves_it_as_it_is() -> None:
    loose = zlib.compress(PIXELS, 0)
    parts = [
        (b"IHDR", HEAD),
        (b"tEXt", b"Comment\0x"),
        (b"IDAT", loose[:5000]),
        (b"IDAT", loose[5000:]),
        (b"IEND", b""),
    ]
    picture = SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)

    packed = smaller(picture)

    chunks = dict(_chunks(packed))
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert chunks[b"IHDR"] == HEAD
    assert zlib.decompress(chunks[b"IDAT"]) == PIXELS
    assert len(packed) < len(picture) / 10
