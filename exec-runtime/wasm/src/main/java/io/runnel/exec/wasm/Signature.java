package io.runnel.exec.wasm;

import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

import java.util.List;

/**
 * The type of a function, written as one letter for each value: {@code i} and {@code I} are
 * integers of 32 and 64 bits, {@code f} and {@code F} floats, {@code r} a reference; {@code iI:i}
 * takes two and gives one.
 */
record Signature(String text) {
    FunctionType type() {
        int colon = text.indexOf(':');
        return FunctionType.of(types(text.substring(0, colon)), types(text.substring(colon + 1)));
    }

    private static List<ValType> types(String letters) {
        return letters.chars().mapToObj(Signature::type).toList();
    }

    private static ValType type(int letter) {
        return switch (letter) {
            case 'i' -> ValType.I32;
            case 'I' -> ValType.I64;
            default -> throw new IllegalArgumentException("no such type: " + (char) letter);
        };
    }
}
