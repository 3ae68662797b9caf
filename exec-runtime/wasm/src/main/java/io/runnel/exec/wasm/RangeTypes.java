package io.runnel.exec.wasm;

/** Types of the instructions on whole ranges of memory and tables. */
final class RangeTypes {
    private static final String NOT_VALID = "";

    private RangeTypes() {}

    /**
     * The type of an instruction behind the prefix 0xFC.
     *
     * @param first its first number, unsigned
     * @param second its second number, unsigned; 0 if it has none
     * @return empty if what its numbers name is not there, or of another type
     */
    static String signature(ModuleTypes types, int opcode, int first, int second) {
        return switch (opcode) {
            case 8 -> isData(types, first) && second == 0 ? "iii:" : NOT_VALID;
            case 9 -> isData(types, first) ? ":" : NOT_VALID;
            case 10 -> first == 0 && second == 0 ? "iii:" : NOT_VALID;
            case 11 -> first == 0 ? "iii:" : NOT_VALID;
            case 12 -> isSame(element(types, first), table(types, second)) ? "iii:" : NOT_VALID;
            case 13 -> element(types, first) != 0 ? ":" : NOT_VALID;
            case 14 -> isSame(table(types, first), table(types, second)) ? "iii:" : NOT_VALID;
            case 15 -> ofTable(types, first, "%ci:i");
            case 16 -> ofTable(types, first, ":i");
            default -> ofTable(types, first, "i%ci:");
        };
    }

    private static boolean isData(ModuleTypes types, int segment) {
        // Their number has to be told before the code.
        return types.dataCounted() && segment >= 0 && segment < types.dataSegments();
    }

    private static boolean isSame(char one, char other) {
        return one != 0 && one == other;
    }

    /** The type of a segment's elements; 0 if there is no such segment. */
    private static char element(ModuleTypes types, int segment) {
        return at(types.elementTypes(), segment);
    }

    private static char table(ModuleTypes types, int table) {
        return at(types.tableTypes(), table);
    }

    private static char at(String letters, int index) {
        return index >= 0 && index < letters.length() ? letters.charAt(index) : 0;
    }

    private static String ofTable(ModuleTypes types, int table, String signature) {
        char letter = table(types, table);
        return letter == 0 ? NOT_VALID : signature.replace("%c", String.valueOf(letter));
    }
}
