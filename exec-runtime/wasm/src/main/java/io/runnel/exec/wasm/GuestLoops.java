package io.runnel.exec.wasm;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The loops of one of a guest's functions, by their heads' labels. */
final class GuestLoops {
    private final List<CodeElement> code;
    private final Map<Label, Integer> positions = new HashMap<>();
    private final TreeMap<Integer, Label> heads = new TreeMap<>();
    private final Map<Label, Integer> waysBack = new HashMap<>();
    private final Map<Label, Integer> lastPolls = new HashMap<>();
    private final Map<Label, GuestLoop> loops = new HashMap<>();
    private final Set<Label> targets = new HashSet<>();
    private final Map<Integer, Integer> lastAssigned = new HashMap<>();

    private boolean tailCalls;

    /** How many calls of functions stand before each element. */
    private final int[] calls;

    GuestLoops(List<CodeElement> code) {
        this.code = code;
        this.calls = new int[code.size() + 1];
        for (int i = 0; i < code.size(); i++) {
            calls[i + 1] = calls[i];
            read(i);
        }
        lastPolls.forEach(this::add);
    }

    private void read(int i) {
        switch (code.get(i)) {
            case LabelTarget target -> positions.put(target.label(), i);
            case InvokeInstruction call -> {
                if (GuestCalls.callsFunction(call)) {
                    calls[i + 1]++;
                }
                tailCalls |= GuestCalls.isTailCall(call);
                head(i).ifPresent(head -> lastPolls.put(head, i));
            }
            case StoreInstruction store -> lastAssigned.put(store.slot(), i);
            case IncrementInstruction more -> lastAssigned.put(more.slot(), i);
            case ExceptionCatch handler -> targets.add(handler.handler());
            case BranchInstruction jump -> jump(jump.target());
            case LookupSwitchInstruction from -> jump(from.defaultTarget(), from.cases());
            case TableSwitchInstruction from -> jump(from.defaultTarget(), from.cases());
            default -> {
                // Goes nowhere.
            }
        }
    }

    private void jump(Label otherwise, List<SwitchCase> cases) {
        jump(otherwise);
        cases.forEach(c -> jump(c.target()));
    }

    private void jump(Label target) {
        targets.add(target);
        Integer position = positions.get(target);
        if (position != null) {
            heads.put(position, target);
            waysBack.merge(target, 1, Integer::sum);
        }
    }

    private void add(Label label, int back) {
        int head = positions.get(label);
        Integer next = heads.higherKey(head);
        boolean innermost = next == null || next > back;
        boolean mayCall = calls[back] > calls[head];
        loops.put(label, new GuestLoop(label, head, back, waysBack.get(label), innermost, mayCall));
    }

    /** The head of the loop that a look for an interrupt and a jump go back to. */
    private Optional<Label> head(int i) {
        return GuestCalls.isPoll(code.get(i))
                        && i + 1 < code.size()
                        && code.get(i + 1) instanceof BranchInstruction jump
                        && jump.opcode() == Opcode.GOTO
                        && positions.containsKey(jump.target())
                ? Optional.of(jump.target())
                : Optional.empty();
    }

    boolean isEmpty() {
        return loops.isEmpty();
    }

    /** Whether something jumps there, or an exception leads there. */
    boolean isTarget(Label label) {
        return targets.contains(label);
    }

    /** Where the last instruction stands that assigns a local variable; -1 if there is none. */
    int lastAssigned(int slot) {
        return lastAssigned.getOrDefault(slot, -1);
    }

    /** Whether the function may call functions. */
    boolean calls() {
        return calls[code.size()] > 0;
    }

    /** Whether it may be a link in a chain of tail calls, which takes no stack. */
    boolean callsTails() {
        return tailCalls;
    }

    /** The loop with this head, if there is one. */
    Optional<GuestLoop> at(Label head) {
        return Optional.ofNullable(loops.get(head));
    }

    /** The loop that a look for an interrupt at this position and a jump go back in. */
    Optional<GuestLoop> back(int i) {
        return head(i).map(loops::get);
    }

    Iterable<GuestLoop> all() {
        return loops.values();
    }
}
