package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.task.ByteSize;

import java.util.BitSet;

/**
 * Looks through functions' bodies: every instruction is one that tasks may use, and nothing is so
 * large or so deeply nested that parsing or compiling it would take much more than its size.
 *
 * <p>The parser finds the target of a branch by walking outwards block by block, and the place of a
 * loop by walking its neighbours; {@link #MOST_STEPS} bounds the sum of those walks.
 */
final class CodeScan {
    private static final ByteSize MOST_CODE = ByteSize.ofMiB(24);
    private static final ByteSize MOST_BODY = ByteSize.ofMiB(1);
    private static final int MOST_LOCALS = 8000;
    private static final int MOST_LOCALS_IN_ALL = 1_000_000;
    private static final int DEEPEST_NESTING = 4000;

    /** The type of a block without results, as a signed number. */
    private static final long NO_RESULT = -64;

    private static final long MOST_STEPS = 200_000_000;

    private final int[] loopsAt = new int[DEEPEST_NESTING + 1];
    private final boolean[] elseMayCome = new boolean[DEEPEST_NESTING + 1];
    private int bytes;
    private int instructions;
    private int localsInAll;
    private long steps;
    private int depth;
    private boolean dropsElements;
    private boolean inConstant;
    private final BitSet referable = new BitSet();
    private int[] bodyStarts = {};
    private int[] bodyEnds = {};

    /** The size of the bodies that were scanned. */
    int bytes() {
        return bytes;
    }

    /** How many instructions were scanned. */
    int instructions() {
        return instructions;
    }

    /** Whether an instruction drops segments of elements. */
    boolean dropsElements() {
        return dropsElements;
    }

    /** Functions that constants refer to. */
    BitSet referable() {
        return referable;
    }

    int[] bodyStarts() {
        return bodyStarts;
    }

    int[] bodyEnds() {
        return bodyEnds;
    }

    void scan(ModuleReader section, int functions) throws CodeRejectedException {
        bytes = section.left();
        if (bytes > MOST_CODE.bytes()) {
            throw limit("code may be at most %s: %d bytes".formatted(MOST_CODE, bytes));
        }
        int bodies = section.count("functions", Integer.MAX_VALUE);
        if (bodies != functions) {
            throw section.malformed("%d bodies for %d functions".formatted(bodies, functions));
        }
        bodyStarts = new int[bodies];
        bodyEnds = new int[bodies];
        for (int i = 0; i < bodies; i++) {
            long size = section.u32();
            if (size > MOST_BODY.bytes()) {
                throw limit(
                        "a function may be at most %s: function %d has %d bytes"
                                .formatted(MOST_BODY, i, size));
            }
            bodyStarts[i] = section.position();
            body(section.part(size));
            bodyEnds[i] = section.position();
        }
    }

    private void body(ModuleReader in) throws CodeRejectedException {
        locals(in);
        begin();
        while (depth >= 0) {
            instruction(in);
        }
        if (in.hasMore()) {
            throw in.malformed("code after the end of a function");
        }
    }

    private void locals(ModuleReader in) throws CodeRejectedException {
        int groups = in.count("groups of local variables", MOST_LOCALS);
        long locals = 0;
        for (int i = 0; i < groups; i++) {
            locals += in.u32();
            ValueTypes.letter(in);
        }
        if (locals > MOST_LOCALS) {
            throw limit(
                    "a function may have at most %d local variables: %d"
                            .formatted(MOST_LOCALS, locals));
        }
        localsInAll += (int) locals;
        if (localsInAll > MOST_LOCALS_IN_ALL) {
            throw limit(
                    "functions may have at most %d local variables in all"
                            .formatted(MOST_LOCALS_IN_ALL));
        }
    }

    /** An expression of constants, as globals and segments have it. */
    void constant(ModuleReader in) throws CodeRejectedException {
        begin();
        inConstant = true;
        while (depth >= 0) {
            instruction(in);
        }
        inConstant = false;
    }

    private void begin() {
        depth = 0;
        loopsAt[0] = 0;
        elseMayCome[0] = false;
    }

    private void instruction(ModuleReader in) throws CodeRejectedException {
        instructions++;
        int opcode = in.u8();
        switch (opcode) {
            case 0x02 -> enter(in, false);
            case 0x03 -> loop(in);
            case 0x04 -> enter(in, true);
            case 0x05 -> otherwise(in);
            case 0x0B -> leave();
            case 0x0C, 0x0D -> branch(in.u32());
            case 0x0E -> branchTable(in);
            case 0x11, 0x13 -> skipTwo(in);
            case 0x1C -> selectTyped(in);
            case 0x41, 0x42 -> in.skipSigned();
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case 0xD0 -> ValueTypes.reference(in);
            case 0xD2 -> referenceIn(in);
            case 0xFC -> prefixed(in);
            default -> simple(in, opcode);
        }
    }

    private void simple(ModuleReader in, int opcode) throws CodeRejectedException {
        if (opcode >= 0x28 && opcode <= 0x3E) {
            memoryAccess(in);
        } else if (isWithOneNumber(opcode)) {
            in.u32();
        } else if (!isWithoutNumbers(opcode)) {
            throw unsupported(in, opcode);
        }
    }

    private static boolean isWithOneNumber(int opcode) {
        return opcode == 0x10
                || opcode == 0x12
                || (opcode >= 0x20 && opcode <= 0x26)
                || opcode == 0x3F
                || opcode == 0x40;
    }

    private static boolean isWithoutNumbers(int opcode) {
        return opcode <= 0x01
                || opcode == 0x0F
                || opcode == 0x1A
                || opcode == 0x1B
                || (opcode >= 0x45 && opcode <= 0xC4)
                || opcode == 0xD1;
    }

    private static CodeRejectedException unsupported(ModuleReader in, int opcode) {
        return switch (opcode) {
            case 0xFD -> ModuleScan.unsupported("SIMD");
            case 0xFE -> ModuleScan.unsupported("atomic instructions");
            case 0xFB, 0x14, 0x15, 0xD3, 0xD4, 0xD5, 0xD6 ->
                    ModuleScan.unsupported("typed references");
            case 0x06, 0x07, 0x08, 0x09, 0x0A, 0x18, 0x19, 0x1F ->
                    ModuleScan.unsupported("exceptions");
            default -> in.malformed("instruction 0x%02x".formatted(opcode));
        };
    }

    private void loop(ModuleReader in) throws CodeRejectedException {
        loopsAt[depth]++;
        steps(loopsAt[depth]);
        enter(in, false);
    }

    private void otherwise(ModuleReader in) throws CodeRejectedException {
        if (!elseMayCome[depth]) {
            throw in.malformed("an else without an if");
        }
        elseMayCome[depth] = false;
    }

    private void enter(ModuleReader in, boolean isIf) throws CodeRejectedException {
        blockType(in);
        depth++;
        if (depth > DEEPEST_NESTING) {
            throw limit("blocks may be nested at most %d deep".formatted(DEEPEST_NESTING));
        }
        loopsAt[depth] = 0;
        elseMayCome[depth] = isIf;
    }

    /** Nothing, a value, or the number of a type: each is a signed number of 33 bits. */
    private static void blockType(ModuleReader in) throws CodeRejectedException {
        long type = in.s33();
        if (type < 0 && type != NO_RESULT) {
            ValueTypes.letter(in, (int) type & 0x7F);
        }
    }

    private void leave() {
        depth--;
    }

    private void branch(long label) throws CodeRejectedException {
        steps(label);
    }

    private void branchTable(ModuleReader in) throws CodeRejectedException {
        int count = in.count("labels of a branch", Integer.MAX_VALUE);
        for (int i = 0; i <= count; i++) {
            branch(in.u32());
        }
    }

    private void steps(long more) throws CodeRejectedException {
        steps += more;
        if (steps > MOST_STEPS) {
            throw limit("its branches and blocks are too entangled to compile");
        }
    }

    private static void selectTyped(ModuleReader in) throws CodeRejectedException {
        int count = in.count("types of a selection", 1);
        for (int i = 0; i < count; i++) {
            ValueTypes.letter(in);
        }
    }

    private static void memoryAccess(ModuleReader in) throws CodeRejectedException {
        if (in.u32() >= 64) {
            throw ModuleScan.unsupported("several memories");
        }
        in.u32();
    }

    private static void skipTwo(ModuleReader in) throws CodeRejectedException {
        in.u32();
        in.u32();
    }

    private void referenceIn(ModuleReader in) throws CodeRejectedException {
        long function = in.u32();
        if (inConstant) {
            refers(function);
        }
    }

    /** Notes that a segment or a constant refers to this function. */
    void refers(long function) {
        if (function < ModuleScan.MOST_FUNCTIONS_IN_ALL) {
            referable.set((int) function);
        }
    }

    /** Conversions, and instructions on whole ranges of memory and tables. */
    private void prefixed(ModuleReader in) throws CodeRejectedException {
        long opcode = in.u32();
        if (opcode > 17) {
            throw in.malformed("instruction 0xfc %d".formatted(opcode));
        }
        switch ((int) opcode) {
            case 8, 10, 12, 14 -> skipTwo(in);
            case 9, 11, 15, 16, 17 -> in.u32();
            case 13 -> {
                dropsElements = true;
                in.u32();
            }
            default -> {
                // 0 to 7 convert and have no numbers.
            }
        }
    }

    private static CodeRejectedException limit(String what) {
        return new CodeRejectedException(Code.COMPILE_LIMIT, what);
    }
}
