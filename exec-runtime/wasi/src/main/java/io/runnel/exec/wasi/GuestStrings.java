package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Arguments or variables, as C has them: bytes that end with 0. What has a 0 inside is left out.
 *
 * @param totalBytes of all, with their ends
 */
record GuestStrings(List<byte[]> strings, int totalBytes) {
    static GuestStrings ofArguments(List<String> arguments) {
        Strings strings = new Strings(arguments.size());
        arguments.forEach(strings::add);
        return strings.done();
    }

    static GuestStrings ofVariables(Map<String, String> variables) {
        Strings strings = new Strings(variables.size());
        variables.forEach((name, value) -> strings.add(name + "=" + value));
        return strings.done();
    }

    /** Some that grow. */
    private static final class Strings {
        private final List<byte[]> strings;
        private int totalBytes;

        Strings(int count) {
            strings = new ArrayList<>(count);
        }

        void add(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (byte b : bytes) {
                if (b == 0) {
                    return;
                }
            }
            strings.add(bytes);
            totalBytes += bytes.length + 1;
        }

        GuestStrings done() {
            return new GuestStrings(strings, totalBytes);
        }
    }

    /** Writes how many there are and how long they are together. */
    Errno writeSizes(WasiMemory memory, int countAt, int totalAt) {
        if (!memory.contains(countAt, 4) || !memory.contains(totalAt, 4)) {
            return Errno.FAULT;
        }
        memory.writeI32(countAt, strings.size());
        memory.writeI32(totalAt, totalBytes);
        return Errno.SUCCESS;
    }

    /** Writes them one after the other, and where each begins. */
    Errno write(WasiMemory memory, int pointersAt, int textAt) {
        if (!memory.contains(pointersAt, 4 * strings.size())
                || !memory.contains(textAt, totalBytes)) {
            return Errno.FAULT;
        }
        int pointer = pointersAt;
        int at = textAt;
        for (byte[] text : strings) {
            memory.writeI32(pointer, at);
            memory.write(at, text, 0, text.length);
            memory.writeByte(at + text.length, (byte) 0);
            pointer += 4;
            at += text.length + 1;
        }
        return Errno.SUCCESS;
    }
}
