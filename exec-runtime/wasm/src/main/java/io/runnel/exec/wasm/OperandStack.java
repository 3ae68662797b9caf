package io.runnel.exec.wasm;

import java.util.Arrays;

/**
 * Types of a function's operands while it is checked, and its open blocks; the algorithm is that of
 * the appendix of the WebAssembly specification. In code that is never reached any operand may be
 * taken.
 */
final class OperandStack {
    static final char UNKNOWN = '?';

    /** A block that is open. */
    static final class Block {
        int opcode;
        String parameters;
        String results;
        int base;
        boolean polymorphic;

        /** No code is written for it: it can never be reached. */
        boolean dead;

        /** Place of a loop; chain of the branches to the end of any other. */
        int target;

        /** Chain of an if that found 0. */
        int otherwise;

        /** What a branch to it takes along. */
        String labelTypes() {
            return opcode == 0x03 ? parameters : results;
        }
    }

    private char[] types = new char[64];
    private int height;
    private int highest;
    private Block[] blocks = new Block[16];
    private int depth;

    void clear() {
        height = 0;
        highest = 0;
        depth = 0;
    }

    int height() {
        return height;
    }

    int highest() {
        return highest;
    }

    int depth() {
        return depth;
    }

    Block top() {
        return blocks[depth - 1];
    }

    /** The block that a branch names, counted from within; null if there is none. */
    Block label(long outwards) {
        return outwards < depth ? blocks[depth - 1 - (int) outwards] : null;
    }

    void push(char type) {
        if (height == types.length) {
            types = Arrays.copyOf(types, height * 2);
        }
        types[height++] = type;
        highest = Math.max(highest, height);
    }

    void pushAll(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            push(letters.charAt(i));
        }
    }

    /** Takes an operand of any type; 0 if there is none. */
    char pop() {
        Block block = top();
        if (height == block.base) {
            return block.polymorphic ? UNKNOWN : 0;
        }
        return types[--height];
    }

    /** Takes an operand of this type; false if there is another or none. */
    boolean pop(char wanted) {
        char found = pop();
        return found == wanted || found == UNKNOWN || (wanted == UNKNOWN && found != 0);
    }

    boolean popAll(String letters) {
        for (int i = letters.length() - 1; i >= 0; i--) {
            if (!pop(letters.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether operands of these types are on top; they stay. */
    boolean has(String letters) {
        int base = top().base;
        boolean polymorphic = top().polymorphic;
        for (int i = 0; i < letters.length(); i++) {
            int at = height - letters.length() + i;
            char found = at >= base ? types[at] : polymorphic ? UNKNOWN : 0;
            if (found != letters.charAt(i) && found != UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    Block open(int opcode, String parameters, String results) {
        if (depth == blocks.length) {
            blocks = Arrays.copyOf(blocks, depth * 2);
        }
        if (blocks[depth] == null) {
            blocks[depth] = new Block();
        }
        Block block = blocks[depth++];
        block.opcode = opcode;
        block.parameters = parameters;
        block.results = results;
        block.base = height;
        block.polymorphic = false;
        block.target = CodeBuffer.NO_CHAIN;
        block.otherwise = CodeBuffer.NO_CHAIN;
        pushAll(parameters);
        return block;
    }

    /** Takes the results of the innermost block; false if others are there. */
    boolean takeResults() {
        Block block = top();
        return popAll(block.results) && height == block.base;
    }

    /** Leaves the innermost block. */
    void close() {
        depth--;
    }

    /** What follows is never reached. */
    void unreachable() {
        Block block = top();
        height = block.base;
        block.polymorphic = true;
    }
}
