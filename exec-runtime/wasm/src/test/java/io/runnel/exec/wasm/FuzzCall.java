package io.runnel.exec.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One call of a function with what it is given, as text too. */
record FuzzCall(FuzzModule.Function function, List<Long> arguments) {
    FuzzCall {
        arguments = List.copyOf(arguments);
    }

    /** As Node is asked: the name, the types of its results, the arguments. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(function.name()).append(' ');
        text.append(function.results().isEmpty() ? "-" : function.results());
        for (int i = 0; i < arguments.size(); i++) {
            text.append(' ').append(function.parameters().charAt(i)).append(':');
            text.append(arguments.get(i));
        }
        return text.toString();
    }

    /** What a call gave. */
    String show(long[] results) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < function.results().length(); i++) {
            all.add(show(function.results().charAt(i), results[i]));
        }
        return all.isEmpty() ? "nothing" : String.join(",", all);
    }

    static String show(char type, long value) {
        return switch (type) {
            case 'i' -> "i:" + (int) value;
            case 'f' ->
                    Float.isNaN(Float.intBitsToFloat((int) value)) ? "f:nan" : "f:" + (int) value;
            case 'F' -> Double.isNaN(Double.longBitsToDouble(value)) ? "F:nan" : "F:" + value;
            default -> type + ":" + value;
        };
    }

    /** The kind of a trap, as far as engines tell them apart. */
    static String kind(Throwable trap) {
        String text = String.valueOf(trap.getMessage()).toLowerCase(Locale.ROOT);
        if (Ends.isStackExceeded(trap)) {
            return "stack";
        } else if (text.contains("unreachable")) {
            return "unreachable";
        } else if (text.contains("divide by zero")) {
            return "zero";
        } else if (text.contains("integer overflow") || text.contains("invalid conversion")) {
            return "number";
        } else if (text.contains("memory access")) {
            return "memory";
        } else if (text.contains("element")
                || text.contains("indirect")
                || text.contains("table")) {
            return "table";
        }
        return text;
    }
}
