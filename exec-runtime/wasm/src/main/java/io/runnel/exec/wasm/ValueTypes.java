package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;

/** The types of values that tasks may use, as they stand in a module. */
final class ValueTypes {
    private static final int FUNCTION_REFERENCE = 0x70;
    private static final int HOST_REFERENCE = 0x6F;

    private ValueTypes() {}

    /** Reads a type; its letter in a {@link Signature}. */
    static char letter(ModuleReader in) throws CodeRejectedException {
        return letter(in, in.u8());
    }

    /** The letter of a type that was read. */
    static char letter(ModuleReader in, int type) throws CodeRejectedException {
        return switch (type) {
            case 0x7F -> 'i';
            case 0x7E -> 'I';
            case 0x7D -> 'f';
            case 0x7C -> 'F';
            case FUNCTION_REFERENCE -> 'r';
            case HOST_REFERENCE -> 'e';
            case 0x7B -> throw ModuleScan.unsupported("SIMD");
            case 0x63,
                    0x64,
                    0x65,
                    0x66,
                    0x67,
                    0x68,
                    0x69,
                    0x6A,
                    0x6B,
                    0x6C,
                    0x6D,
                    0x6E,
                    0x71,
                    0x72,
                    0x73,
                    0x74 ->
                    throw ModuleScan.unsupported("typed references");
            default -> throw in.malformed("type 0x%02x".formatted(type));
        };
    }

    static char reference(ModuleReader in) throws CodeRejectedException {
        char letter = letter(in);
        if (!isReference(letter)) {
            throw in.malformed("a table of no references");
        }
        return letter;
    }

    static boolean isReference(char letter) {
        return letter == 'r' || letter == 'e';
    }
}
