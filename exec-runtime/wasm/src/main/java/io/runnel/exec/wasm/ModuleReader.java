package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the binary format within bounds; what does not fit is MALFORMED and says where. */
final class ModuleReader {
    private static final int LONGEST_NAME = 1000;

    private final byte[] bytes;
    private final int end;
    private int position;

    ModuleReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    ModuleReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    boolean hasMore() {
        return position < end;
    }

    int position() {
        return position;
    }

    int left() {
        return end - position;
    }

    /** The next {@code size} bytes, as a reader of their own. */
    ModuleReader part(long size) throws CodeRejectedException {
        require(size);
        ModuleReader part = new ModuleReader(bytes, position, position + (int) size);
        position += (int) size;
        return part;
    }

    void skip(long size) throws CodeRejectedException {
        require(size);
        position += (int) size;
    }

    private void require(long size) throws CodeRejectedException {
        if (size < 0 || size > left()) {
            throw malformed("%d bytes announced, %d are there".formatted(size, left()));
        }
    }

    int u8() throws CodeRejectedException {
        require(1);
        return bytes[position++] & 0xFF;
    }

    /** An unsigned number of 32 bits. */
    long u32() throws CodeRejectedException {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                if (value > 0xFFFF_FFFFL) {
                    break;
                }
                return value;
            }
        }
        throw malformed("a number is too long");
    }

    /** A number of any sign and up to 64 bits that nobody needs. */
    void skipSigned() throws CodeRejectedException {
        for (int i = 0; i < 10; i++) {
            if (u8() < 0x80) {
                return;
            }
        }
        throw malformed("a number is too long");
    }

    /** A signed number of 32 bits. */
    int s32() throws CodeRejectedException {
        long value = signed(32);
        return (int) value;
    }

    /** A signed number of 64 bits. */
    long s64() throws CodeRejectedException {
        return signed(64);
    }

    /** A signed number of 33 bits, as blocks name their types. */
    long s33() throws CodeRejectedException {
        return signed(33);
    }

    private long signed(int bits) throws CodeRejectedException {
        long value = 0;
        for (int shift = 0; shift < bits; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                int used = Math.min(shift + 7, 64);
                long extended = value << (64 - used) >> (64 - used);
                requireSign(next, bits - shift);
                return extended;
            }
        }
        throw malformed("a number is too long");
    }

    /** In a last byte that has more bits than are left, the others repeat the sign. */
    private void requireSign(int last, int bitsLeft) throws CodeRejectedException {
        if (bitsLeft < 7) {
            int rest = last >> (bitsLeft - 1);
            if (rest != 0 && rest != 0x7F >> (bitsLeft - 1)) {
                throw malformed("a number is too large");
            }
        }
    }

    /** Four bytes, the lowest first. */
    int i32() throws CodeRejectedException {
        return u8() | u8() << 8 | u8() << 16 | u8() << 24;
    }

    /** Eight bytes, the lowest first. */
    long i64() throws CodeRejectedException {
        long low = i32() & 0xFFFF_FFFFL;
        return low | (long) i32() << 32;
    }

    /** How many of something follow: never more than there are bytes, nor than the limit. */
    int count(String what, int most) throws CodeRejectedException {
        long count = u32();
        if (count > left()) {
            throw malformed("%d %s announced in %d bytes".formatted(count, what, left()));
        }
        if (count > most) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT,
                    "a module may have at most %d %s: %d".formatted(most, what, count));
        }
        return (int) count;
    }

    String name() throws CodeRejectedException {
        long length = u32();
        require(length);
        if (length > LONGEST_NAME) {
            throw malformed("a name of %d bytes".formatted(length));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, position, (int) length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("a name that is not UTF-8");
        } finally {
            position += (int) length;
        }
    }

    CodeRejectedException malformed(String what) {
        return new CodeRejectedException(
                Code.MALFORMED, "not WebAssembly: %s, at byte %d".formatted(what, position));
    }
}
