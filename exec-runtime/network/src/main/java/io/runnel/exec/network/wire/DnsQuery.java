package io.runnel.exec.network.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A question to a name server (RFC 1035): one name, one type.
 *
 * @param name in small letters, without the last dot; of ASCII's visible characters
 * @param question as it came, with its name, type and class
 */
public record DnsQuery(int id, boolean recursive, String name, int type, ByteBuffer question) {
    /** The type of addresses of IPv4. */
    public static final int A = 1;

    private static final int HEADER_BYTES = 12;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;
    private static final int INTERNET = 1;
    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final Pattern PRINTED = Pattern.compile("[!-~]*");
    private static final int NAME_OF_QUESTION = 0xc00c;

    /** What an answer says. */
    public enum Code {
        /** The name is there. */
        NO_ERROR(0),
        /** The server cannot tell. */
        SERVER_FAILURE(2),
        /** There is no such name. */
        NO_SUCH_NAME(3);

        private final int number;

        Code(int number) {
            this.number = number;
        }
    }

    /** The question in a datagram, if it is one. */
    public static Optional<DnsQuery> parse(ByteBuffer bytes) {
        if (bytes.limit() < HEADER_BYTES) {
            return Optional.empty();
        }
        int flags = bytes.getShort(2) & 0xffff;
        if ((flags & (RESPONSE | OPCODE)) != 0 || bytes.getShort(4) != 1) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        while (at < bytes.limit() && bytes.get(at) != 0) {
            int length = bytes.get(at);
            if (length < 0
                    || length > LONGEST_LABEL
                    || at + 1 + length > bytes.limit()
                    || name.length() + length > LONGEST_NAME) {
                return Optional.empty();
            }
            byte[] label = new byte[length];
            bytes.get(at + 1, label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, US_ASCII));
            at += 1 + length;
        }
        int after = at + 1 + 2 * Short.BYTES;
        if (after > bytes.limit()
                || bytes.getShort(at + 3) != INTERNET
                || !PRINTED.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new DnsQuery(
                        bytes.getShort(0) & 0xffff,
                        (flags & RECURSION_DESIRED) != 0,
                        name.toString().toLowerCase(Locale.ROOT),
                        bytes.getShort(at + 1) & 0xffff,
                        bytes.slice(HEADER_BYTES, after - HEADER_BYTES)));
    }

    /** The same with bytes of its own. */
    public DnsQuery copy() {
        ByteBuffer own = ByteBuffer.allocate(question.limit()).put(question.duplicate()).flip();
        return new DnsQuery(id, recursive, name, type, own);
    }

    /**
     * An answer to it.
     *
     * @param address of the name, if there is one of this type
     * @param seconds how long it holds
     */
    public ByteBuffer answer(Code code, OptionalInt address, int seconds) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + question.limit() + 16);
        int flags = RESPONSE | RECURSION_AVAILABLE | (recursive ? RECURSION_DESIRED : 0);
        out.putShort((short) id).putShort((short) (flags | code.number));
        out.putShort((short) 1).putShort((short) (address.isPresent() ? 1 : 0)).putInt(0);
        out.put(question.duplicate());
        if (address.isPresent()) {
            out.putShort((short) NAME_OF_QUESTION).putShort((short) A).putShort((short) INTERNET);
            out.putInt(seconds).putShort((short) Integer.BYTES).putInt(address.getAsInt());
        }
        return out.flip();
    }
}
