package io.runnel.exec.wasm;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rewrites what the library's compiler emits for a guest's functions, so that HotSpot makes better
 * machine code of it. What a function computes stays the same.
 *
 * <ul>
 *   <li><b>Loops look for an interrupt now and then, not each time round.</b> That look is a
 *       volatile read, after which nothing that was loaded before is known any more: no bound of
 *       the memory stays in a register, no check leaves the loop. Each run of a function has {@link
 *       #FUEL}; the way back to the head of a loop takes of it as much as the loop is long, and
 *       only who has none left goes the outer way, by the look. So HotSpot sees two nested loops,
 *       and the inner one counts. (It does the same to its own safepoints: Loop strip mining.)
 *   <li><b>Memory and globals</b> are reached by {@link MemoryAccess}, without a call through an
 *       interface and, where it can be, with one comparison of the address.
 *   <li><b>A comparison before a branch</b> becomes one instruction, which also keeps functions
 *       below what HotSpot inlines.
 * </ul>
 */
final class Peephole {
    /**
     * What a run of a function may go round in loops without looking for an interrupt: in turns
     * times instructions / {@link #LENGTH_PER_FUEL}, some microseconds.
     */
    private static final int FUEL = 1024;

    private static final int LENGTH_PER_FUEL = 128;
    private static final String FUNCTIONS = "func_";
    private static final String POLL = "checkInterruption";

    private final CodeBuilder out;
    private final List<CodeElement> code;
    private final GuestCalls calls;
    private final int fuel;
    private final Map<Label, Label> labels = new HashMap<>();
    private final Map<Label, Integer> positions = new HashMap<>();
    private final Map<Label, Label> outerHeads = new HashMap<>();

    private Peephole(CodeBuilder out, CodeModel body, MethodModel method) {
        this.out = out;
        this.code = body.elementList();
        this.calls = new GuestCalls(method.methodTypeSymbol());
        this.fuel = ((CodeAttribute) body).maxLocals();
    }

    /** The class file, better. It stays as it is where a function would get too long. */
    static byte[] improve(byte[] file) {
        try {
            return ClassFile.of().transformClass(ClassFile.of().parse(file), functions());
        } catch (IllegalArgumentException e) {
            return file;
        }
    }

    private static ClassTransform functions() {
        return (builder, element) -> {
            if (element instanceof MethodModel method
                    && method.methodName().stringValue().startsWith(FUNCTIONS)) {
                builder.transformMethod(
                        method,
                        (to, part) -> {
                            if (part instanceof CodeModel body) {
                                to.withCode(out -> new Peephole(out, body, method).write());
                            } else {
                                to.with(part);
                            }
                        });
            } else {
                builder.with(element);
            }
        };
    }

    private void write() {
        findLoops();
        if (!outerHeads.isEmpty()) {
            refuel();
        }
        positions.clear();
        for (int i = 0; i < code.size(); i++) {
            i += write(i);
        }
    }

    private void findLoops() {
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i) instanceof LabelTarget target) {
                positions.put(target.label(), i);
            }
            wayBack(i).ifPresent(head -> outerHeads.computeIfAbsent(head, h -> out.newLabel()));
        }
    }

    /** The head of the loop that a look for an interrupt and a jump go back to. */
    private Optional<Label> wayBack(int i) {
        return code.get(i) instanceof InvokeInstruction poll
                        && poll.name().equalsString(POLL)
                        && i + 1 < code.size()
                        && code.get(i + 1) instanceof BranchInstruction jump
                        && jump.opcode() == Opcode.GOTO
                        && positions.containsKey(jump.target())
                ? Optional.of(jump.target())
                : Optional.empty();
    }

    private void refuel() {
        out.loadConstant(FUEL).istore(fuel);
    }

    /** Writes an element; answers how many more of them it stands for. */
    private int write(int i) {
        switch (code.get(i)) {
            case LabelTarget target -> place(target.label(), i);
            case InvokeInstruction call -> {
                return call(call, i);
            }
            case BranchInstruction branch -> out.branch(branch.opcode(), of(branch.target()));
            case LookupSwitchInstruction from ->
                    out.lookupswitch(of(from.defaultTarget()), of(from.cases()));
            case TableSwitchInstruction from ->
                    out.tableswitch(
                            from.lowValue(),
                            from.highValue(),
                            of(from.defaultTarget()),
                            of(from.cases()));
            default -> out.with(code.get(i));
        }
        return 0;
    }

    private Label of(Label label) {
        return labels.computeIfAbsent(label, l -> out.newLabel());
    }

    private List<SwitchCase> of(List<SwitchCase> cases) {
        return cases.stream().map(c -> SwitchCase.of(c.caseValue(), of(c.target()))).toList();
    }

    private void place(Label label, int i) {
        positions.put(label, i);
        Label outer = outerHeads.get(label);
        if (outer != null) {
            Label enter = out.newLabel();
            out.goto_(enter).labelBinding(outer);
            calls.poll(out);
            refuel();
            // An instruction between the two heads keeps them apart.
            out.labelBinding(enter).nop();
        }
        out.labelBinding(of(label));
    }

    private int call(InvokeInstruction call, int i) {
        Optional<Label> head = wayBack(i);
        if (head.isPresent()) {
            int length = i - positions.get(head.get());
            out.iinc(fuel, -(1 + length / LENGTH_PER_FUEL)).iload(fuel);
            out.ifge(of(head.get())).goto_(outerHeads.get(head.get()));
            return 1;
        }
        if (i + 1 < code.size() && code.get(i + 1) instanceof BranchInstruction branch) {
            Optional<Opcode> fused = GuestCalls.fused(call, branch.opcode());
            if (fused.isPresent()) {
                out.branch(fused.get(), of(branch.target()));
                return 1;
            }
        }
        calls.write(call, out);
        return 0;
    }
}
