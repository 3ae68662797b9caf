package io.runnel.exec.wasm;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds stores of one of a guest's functions that need no mark of their own, because on every way
 * to them a store nearby has left one ({@link DirtyPages#NEAR}): as those into the fields of one
 * structure.
 *
 * <p>Goes once through the code, and names each number by a symbol and a constant that is added to
 * it: the same symbol is the same number. Where ways meet, nothing is known any more but what was
 * so at the function's beginning, before the first jump: what constants and those local variables
 * that are assigned nowhere else stand for. A mark stays until the guest has ended, so calls take
 * nothing away.
 *
 * <p>Two accesses that did not trap lie within 1 GiB, so if their addresses differ by a constant
 * modulo 2<sup>32</sup>, that is how far they are apart.
 */
final class GuestWrites {
    /** A number: an unknown one and a constant. */
    private record Sum(int symbol, int plus) {
        Sum more(int by) {
            return new Sum(symbol, plus + by);
        }
    }

    private static final int CONSTANT = 0;

    /** What is remembered of one symbol. */
    private static final int MOST_MARKS = 16;

    private final List<CodeElement> code;
    private final GuestLoops loops;
    private final BitSet marked = new BitSet();
    private final List<Sum> stack = new ArrayList<>();
    private Map<Integer, Sum> locals = new HashMap<>();
    private Map<Integer, List<Integer>> marks = new HashMap<>();
    private final Map<Integer, Sum> firstLocals = new HashMap<>();
    private final Map<Integer, List<Integer>> firstMarks = new HashMap<>();
    private boolean beginning = true;
    private int symbols = CONSTANT + 1;

    GuestWrites(List<CodeElement> code, GuestLoops loops) {
        this.code = code;
        this.loops = loops;
        for (int i = 0; i < code.size(); i++) {
            read(i);
        }
    }

    /** Whether the store at this position is near a marked one. */
    boolean isNear(int i) {
        return marked.get(i);
    }

    private void read(int i) {
        switch (code.get(i)) {
            case LabelTarget target -> label(target.label(), i);
            case LoadInstruction load -> push(load(load));
            case StoreInstruction store -> assign(store.slot(), pop());
            case IncrementInstruction more ->
                    assign(more.slot(), local(more.slot()).more(more.constant()));
            case ConstantInstruction constant ->
                    push(
                            constant.constantValue() instanceof Integer number
                                    ? new Sum(CONSTANT, number)
                                    : unknown());
            case OperatorInstruction operator -> operate(operator.opcode());
            case ConvertInstruction ignored -> {
                pop();
                push(unknown());
            }
            case StackInstruction move -> move(move.opcode());
            case InvokeInstruction call -> call(call, i);
            case BranchInstruction branch -> {
                pop(operands(branch.opcode()));
                begun(i);
            }
            case Instruction other -> {
                stack.clear();
                begun(i);
            }
            default -> {
                // Does nothing.
            }
        }
    }

    private Sum unknown() {
        return new Sum(symbols++, 0);
    }

    private void push(Sum sum) {
        stack.add(sum);
    }

    private Sum pop() {
        return stack.isEmpty() ? unknown() : stack.removeLast();
    }

    private void pop(int count) {
        for (int i = 0; i < count; i++) {
            pop();
        }
    }

    private Sum local(int slot) {
        return locals.computeIfAbsent(slot, s -> unknown());
    }

    private Sum load(LoadInstruction load) {
        return load.typeKind() == TypeKind.INT ? local(load.slot()) : unknown();
    }

    private void assign(int slot, Sum sum) {
        locals.put(slot, sum);
    }

    private static int operands(Opcode branch) {
        return switch (branch) {
            case GOTO, GOTO_W -> 0;
            case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE, IFNULL, IFNONNULL -> 1;
            default -> 2;
        };
    }

    private void operate(Opcode opcode) {
        switch (opcode) {
            case INEG, LNEG, FNEG, DNEG, ARRAYLENGTH -> {
                pop();
                push(unknown());
            }
            default -> {
                Sum second = pop();
                Sum first = pop();
                push(sum(opcode, first, second));
            }
        }
    }

    private Sum sum(Opcode opcode, Sum first, Sum second) {
        if (opcode == Opcode.IADD && second.symbol() == CONSTANT) {
            return first.more(second.plus());
        } else if (opcode == Opcode.IADD && first.symbol() == CONSTANT) {
            return second.more(first.plus());
        } else if (opcode == Opcode.ISUB && second.symbol() == CONSTANT) {
            return first.more(-second.plus());
        }
        return unknown();
    }

    private void move(Opcode opcode) {
        switch (opcode) {
            case DUP -> {
                Sum top = pop();
                push(top);
                push(top);
            }
            case POP -> pop();
            default -> stack.clear();
        }
    }

    /** Ways may meet here. */
    private void label(Label label, int i) {
        if (loops.isTarget(label)) {
            begun(i);
            stack.clear();
            locals = new HashMap<>(firstLocals);
            marks = new HashMap<>();
            firstMarks.forEach((symbol, places) -> marks.put(symbol, new ArrayList<>(places)));
        }
    }

    /** At what may not be done in each run, or more than once: keeps what is so until then. */
    private void begun(int i) {
        if (beginning) {
            beginning = false;
            locals.forEach(
                    (slot, sum) -> {
                        if (loops.lastAssigned(slot) < i) {
                            firstLocals.put(slot, sum);
                        }
                    });
            marks.forEach((symbol, places) -> firstMarks.put(symbol, new ArrayList<>(places)));
        }
    }

    private void call(InvokeInstruction call, int i) {
        int taken = call.typeSymbol().parameterCount();
        if (call.opcode() != Opcode.INVOKESTATIC) {
            taken++;
        }
        if (GuestCalls.isWrite(call)) {
            pop();
            Sum offset = pop();
            pop();
            Sum base = pop();
            if (offset.symbol() == CONSTANT) {
                write(base.symbol(), base.plus() + offset.plus(), i);
            }
        } else {
            pop(taken);
        }
        if (TypeKind.from(call.typeSymbol().returnType()) != TypeKind.VOID) {
            push(unknown());
        }
    }

    private void write(int symbol, int place, int i) {
        List<Integer> places = marks.computeIfAbsent(symbol, s -> new ArrayList<>());
        for (int known : places) {
            if (Math.abs((long) (place - known)) <= DirtyPages.NEAR) {
                marked.set(i);
                return;
            }
        }
        if (places.size() < MOST_MARKS) {
            places.add(place);
        }
    }
}
