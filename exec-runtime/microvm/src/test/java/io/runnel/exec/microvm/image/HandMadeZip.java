package io.runnel.exec.microvm.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A ZIP archive made byte by byte, so that each may be wrong. */
final class HandMadeZip {
    /** What one entry says of itself, in both places; what is not set is right. */
    static final class Entry {
        final byte[] name;
        final byte[] content;
        byte[] localName;
        byte[] packed;
        byte[] extra = {};
        int method;
        int flags = 1 << 11;
        int madeOn = 3;
        int mode = 0100644;
        int crc;
        long size;
        long packedSize;
        long place = -1;

        private Entry(byte[] name, byte[] content) {
            this.name = name;
            this.localName = name;
            this.content = content;
            this.packed = content;
            CRC32 sum = new CRC32();
            sum.update(content);
            this.crc = (int) sum.getValue();
            this.size = content.length;
            this.packedSize = content.length;
        }

        Entry mode(int value) {
            mode = value;
            return this;
        }

        Entry deflated() {
            return packed(8, deflate(content));
        }

        Entry packed(int how, byte[] bytes) {
            method = how;
            packed = bytes;
            packedSize = bytes.length;
            return this;
        }
    }

    static byte[] deflate(byte[] content) {
        try (Deflater deflater = new Deflater(9, true)) {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[8192];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        }
    }

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private long count;
    private byte[] comment = {};

    static Entry entry(String name, String text) {
        return entry(name.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    static Entry entry(byte[] name, byte[] content) {
        return new Entry(name, content);
    }

    /** A script that may be run, as bootstrap. */
    static HandMadeZip withBootstrap() {
        return new HandMadeZip().add(entry("bootstrap", "#!/bin/sh\necho\n").mode(0100755));
    }

    /** An archive of this program, and of nothing else. */
    static HandMadeZip ofBootstrap(byte[] program) {
        return new HandMadeZip()
                .add(
                        entry("bootstrap".getBytes(StandardCharsets.UTF_8), program)
                                .mode(0100755)
                                .deflated());
    }

    HandMadeZip comment(String text) {
        comment = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    int nextPlace() {
        return body.size();
    }

    HandMadeZip add(String name, String text) {
        return add(entry(name, text));
    }

    HandMadeZip add(Entry entry) {
        long place = entry.place < 0 ? body.size() : entry.place;
        if (entry.place < 0) {
            body.writeBytes(
                    buffer(30)
                            .putInt(0x04034b50)
                            .putShort((short) 20)
                            .putShort((short) entry.flags)
                            .putShort((short) entry.method)
                            .putInt(0)
                            .putInt(entry.crc)
                            .putInt((int) entry.packedSize)
                            .putInt((int) entry.size)
                            .putShort((short) entry.localName.length)
                            .putShort((short) 0)
                            .array());
            body.writeBytes(entry.localName);
            body.writeBytes(entry.packed);
        }
        directory.writeBytes(
                buffer(46)
                        .putInt(0x02014b50)
                        .putShort((short) (entry.madeOn << 8 | 20))
                        .putShort((short) 20)
                        .putShort((short) entry.flags)
                        .putShort((short) entry.method)
                        .putInt(0)
                        .putInt(entry.crc)
                        .putInt((int) entry.packedSize)
                        .putInt((int) entry.size)
                        .putShort((short) entry.name.length)
                        .putShort((short) entry.extra.length)
                        .putShort((short) 0)
                        .putInt(0)
                        .putShort((short) 0)
                        .putShort((short) entry.mode)
                        .putInt((int) place)
                        .array());
        directory.writeBytes(entry.name);
        directory.writeBytes(entry.extra);
        count++;
        return this;
    }

    byte[] bytes() {
        return bytes(count);
    }

    /** With so many entries, as it says. */
    byte[] bytes(long said) {
        int begin = body.size();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(body.toByteArray());
        all.writeBytes(directory.toByteArray());
        if (said > 0xFFFF) {
            all.writeBytes(
                    buffer(76)
                            .putInt(0x06064b50)
                            .putLong(44)
                            .putInt(0)
                            .putInt(0)
                            .putInt(0)
                            .putLong(said)
                            .putLong(said)
                            .putLong(directory.size())
                            .putLong(begin)
                            .putInt(0x07064b50)
                            .putInt(0)
                            .putLong(begin + directory.size())
                            .putInt(1)
                            .array());
        }
        all.writeBytes(
                buffer(22)
                        .putInt(0x06054b50)
                        .putInt(0)
                        .putShort((short) Math.min(said, 0xFFFF))
                        .putShort((short) Math.min(said, 0xFFFF))
                        .putInt(directory.size())
                        .putInt(begin)
                        .putShort((short) comment.length)
                        .array());
        all.writeBytes(comment);
        return all.toByteArray();
    }

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
