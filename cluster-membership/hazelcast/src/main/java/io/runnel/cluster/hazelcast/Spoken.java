package io.runnel.cluster.hazelcast;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** As what somebody comes to a member: the first bytes that Hazelcast sends say it. */
enum Spoken {
    /** As a member, with every right. */
    MEMBER("HZC"),
    /** As a client. */
    CLIENT("CP2");

    /** How many bytes say it. */
    static final int BYTES = 3;

    private final String first;

    Spoken(String first) {
        this.first = first;
    }

    /** What begins with these bytes; Hazelcast's other protocols are never spoken here. */
    static Optional<Spoken> in(byte[] bytes) {
        String begin = new String(bytes, ISO_8859_1);
        return Arrays.stream(values()).filter(spoken -> spoken.first.equals(begin)).findFirst();
    }

    /** The same of a buffer's first bytes, of which it has enough. */
    static Optional<Spoken> at(ByteBuffer begin) {
        byte[] bytes = new byte[BYTES];
        begin.get(0, bytes);
        return in(bytes);
    }
}
