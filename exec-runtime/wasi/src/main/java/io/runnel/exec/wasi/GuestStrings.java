package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Arguments or variables, as C has them: in UTF-8, each ended by 0. What has a 0 inside is left
 * out.
 */
final class GuestStrings {
    private static final int USUAL_LENGTH = 48;

    private final int[] begins;
    private final int count;
    private final byte[] text;

    private GuestStrings(int[] begins, int count, byte[] text) {
        this.begins = begins;
        this.count = count;
        this.text = text;
    }

    static GuestStrings ofArguments(List<String> arguments) {
        Strings strings = new Strings(arguments.size());
        for (String argument : arguments) {
            if (argument.indexOf(0) < 0) {
                strings.end(strings.all.append(argument));
            }
        }
        return strings.done();
    }

    static GuestStrings ofVariables(Map<String, String> variables) {
        Strings strings = new Strings(variables.size());
        variables.forEach(
                (name, value) -> {
                    if (name.indexOf(0) < 0 && value.indexOf(0) < 0) {
                        strings.end(strings.all.append(name).append('=').append(value));
                    }
                });
        return strings.done();
    }

    /** Some that grow, one after the other: then they are made bytes all at once. */
    private static final class Strings {
        private final int[] ends;
        private final StringBuilder all;
        private int count;

        Strings(int most) {
            ends = new int[most];
            all = new StringBuilder(most * USUAL_LENGTH);
        }

        private void end(StringBuilder text) {
            text.append('\0');
            ends[count++] = text.length();
        }

        GuestStrings done() {
            byte[] text = all.toString().getBytes(StandardCharsets.UTF_8);
            int[] begins = new int[count];
            int begin = 0;
            for (int i = 0; i < count; i++) {
                begins[i] = begin;
                begin = text.length == all.length() ? ends[i] : afterZero(text, begin);
            }
            return new GuestStrings(begins, count, text);
        }

        private static int afterZero(byte[] text, int from) {
            int at = from;
            while (text[at] != 0) {
                at++;
            }
            return at + 1;
        }
    }

    /** Writes how many there are and how long they are together. */
    Errno writeSizes(WasiMemory memory, int countAt, int totalAt) {
        if (!memory.contains(countAt, 4) || !memory.contains(totalAt, 4)) {
            return Errno.FAULT;
        }
        memory.writeI32(countAt, count);
        memory.writeI32(totalAt, text.length);
        return Errno.SUCCESS;
    }

    /** Writes them one after the other, and where each begins. */
    Errno write(WasiMemory memory, int pointersAt, int textAt) {
        if (!memory.contains(pointersAt, 4 * count) || !memory.contains(textAt, text.length)) {
            return Errno.FAULT;
        }
        for (int i = 0; i < count; i++) {
            memory.writeI32(pointersAt + 4 * i, textAt + begins[i]);
        }
        memory.write(textAt, text, 0, text.length);
        return Errno.SUCCESS;
    }
}
