package io.runnel.exec.wasm;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.List;
import java.util.Optional;

/**
 * A loop in one of a guest's functions: from its head to the last place that goes back there, as
 * positions in the list of the function's elements.
 *
 * @param back the look for an interrupt after which the last jump back stands
 * @param waysBack how many jumps go back
 * @param innermost whether it holds no other loop
 * @param calls whether it may call functions
 */
record GuestLoop(Label label, int head, int back, int waysBack, boolean innermost, boolean calls) {

    /** Longer ones would look for an interrupt too seldom if they were counted. */
    private static final int LONGEST = 512;

    /**
     * A number that grows by a constant each time round until it equals a limit, which is how LLVM
     * leaves most loops.
     *
     * @param local where it is
     * @param step what it grows by, not 0
     * @param limit a constant, or a local variable that the loop leaves alone
     * @param from where the test begins: the number has been added to and is on the stack
     * @param leave where the loop goes when it ends
     */
    record Counter(int local, int step, Instruction limit, int from, Label leave) {}

    int length() {
        return back - head;
    }

    /** The counter, if it is nothing else that lets the loop go round. */
    Optional<Counter> counter(List<CodeElement> code) {
        if (!innermost || calls || waysBack != 1 || length() > LONGEST) {
            return Optional.empty();
        }
        if (!(code.get(back - 1) instanceof BranchInstruction leave)) {
            return Optional.empty();
        }
        int at = back - 2;
        Instruction limit = ConstantInstruction.ofIntrinsic(Opcode.ICONST_0);
        if (leave.opcode() != Opcode.IFEQ) {
            return Optional.empty();
        }
        if (code.get(at) instanceof InvokeInstruction compare) {
            if (!compare.name().equalsString("I32_NE") || !isLimit(code.get(at - 1))) {
                return Optional.empty();
            }
            limit = (Instruction) code.get(at - 1);
            at -= 2;
        }
        return counter(code, at, limit, leave.target());
    }

    /** Reads backwards: the number, the step, their sum, a copy of it, the number again. */
    private Optional<Counter> counter(
            List<CodeElement> code, int at, Instruction limit, Label leave) {
        if (at - 4 > head
                && code.get(at) instanceof StoreInstruction store
                && code.get(at - 1) instanceof Instruction copy
                && copy.opcode() == Opcode.DUP
                && code.get(at - 2) instanceof Instruction sum
                && (sum.opcode() == Opcode.IADD || sum.opcode() == Opcode.ISUB)
                && code.get(at - 3) instanceof ConstantInstruction constant
                && constant.constantValue() instanceof Integer by
                && code.get(at - 4) instanceof LoadInstruction load
                && load.slot() == store.slot()
                && assigned(code, store.slot()) == 1
                && !(limit instanceof LoadInstruction end && assigned(code, end.slot()) > 0)) {
            int step = sum.opcode() == Opcode.IADD ? by : -by;
            return step == 0 || step == Integer.MIN_VALUE
                    ? Optional.empty()
                    : Optional.of(new Counter(store.slot(), step, limit, at - 1, leave));
        }
        return Optional.empty();
    }

    private static boolean isLimit(CodeElement element) {
        return element instanceof LoadInstruction
                || (element instanceof ConstantInstruction constant
                        && constant.constantValue() instanceof Integer);
    }

    /** How often the loop's code assigns a local variable. */
    private int assigned(List<CodeElement> code, int slot) {
        int times = 0;
        for (int i = head; i < back; i++) {
            if ((code.get(i) instanceof StoreInstruction store && store.slot() == slot)
                    || (code.get(i) instanceof IncrementInstruction more && more.slot() == slot)) {
                times++;
            }
        }
        return times;
    }
}
