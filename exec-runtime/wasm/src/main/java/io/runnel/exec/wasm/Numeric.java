package io.runnel.exec.wasm;

/** Types of the instructions that have no numbers of their own, and of those on memory. */
final class Numeric {
    static final int FIRST = 0x45;
    static final int LAST = 0xC4;
    static final int FIRST_MEMORY = 0x28;
    static final int LAST_LOAD = 0x35;

    private static final String[] SIGNATURES = signatures();
    private static final String[] SATURATING = {
        "f:i", "f:i", "F:i", "F:i", "f:I", "f:I", "F:I", "F:I"
    };

    /** From i32.load to i64.store32: the type in memory's width, and the width in powers of two. */
    private static final String MEMORY_TYPES = "iIfFiiiiIIIIIIiIfFiiIII";

    private static final String MEMORY_WIDTHS = "23230011001122232301012";

    private Numeric() {}

    private static String[] signatures() {
        String[] all = new String[LAST + 1];
        fill(all, 0x45, 0x45, "i:i");
        fill(all, 0x46, 0x4F, "ii:i");
        fill(all, 0x50, 0x50, "I:i");
        fill(all, 0x51, 0x5A, "II:i");
        fill(all, 0x5B, 0x60, "ff:i");
        fill(all, 0x61, 0x66, "FF:i");
        fill(all, 0x67, 0x69, "i:i");
        fill(all, 0x6A, 0x78, "ii:i");
        fill(all, 0x79, 0x7B, "I:I");
        fill(all, 0x7C, 0x8A, "II:I");
        fill(all, 0x8B, 0x91, "f:f");
        fill(all, 0x92, 0x98, "ff:f");
        fill(all, 0x99, 0x9F, "F:F");
        fill(all, 0xA0, 0xA6, "FF:F");
        String[] conversions = {
            "I:i", "f:i", "f:i", "F:i", "F:i", "i:I", "i:I", "f:I", "f:I", "F:I", "F:I", "i:f",
            "i:f", "I:f", "I:f", "F:f", "i:F", "i:F", "I:F", "I:F", "f:F", "f:i", "F:I", "i:f",
            "I:F", "i:i", "i:i", "I:I", "I:I", "I:I"
        };
        System.arraycopy(conversions, 0, all, 0xA7, conversions.length);
        return all;
    }

    private static void fill(String[] all, int first, int last, String signature) {
        java.util.Arrays.fill(all, first, last + 1, signature);
    }

    static boolean has(int opcode) {
        return opcode >= FIRST && opcode <= LAST;
    }

    static String signature(int opcode) {
        return SIGNATURES[opcode];
    }

    static String saturating(int opcode) {
        return SATURATING[opcode];
    }

    static char memoryType(int opcode) {
        return MEMORY_TYPES.charAt(opcode - FIRST_MEMORY);
    }

    /** As a power of two. */
    static int memoryWidth(int opcode) {
        return MEMORY_WIDTHS.charAt(opcode - FIRST_MEMORY) - '0';
    }
}
