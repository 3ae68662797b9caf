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
    private static GuestStrings of(List<String> texts) {
        List<byte[]> strings = new ArrayList<>(texts.size());
        int total = 0;
        for (String text : texts) {
            if (text.indexOf('\0') < 0) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                strings.add(bytes);
                total += bytes.length + 1;
            }
        }
        return new GuestStrings(strings, total);
    }

    static GuestStrings ofArguments(List<String> arguments) {
        return of(arguments);
    }

    static GuestStrings ofVariables(Map<String, String> variables) {
        List<String> texts = new ArrayList<>(variables.size());
        variables.forEach((name, value) -> texts.add(name + "=" + value));
        return of(texts);
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
