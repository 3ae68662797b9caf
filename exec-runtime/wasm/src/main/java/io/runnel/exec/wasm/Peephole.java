package io.runnel.exec.wasm;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassBuilder;
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
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
 *   <li><b>Loops that add to a number until it equals a limit</b> know how often they will go
 *       round: they count that instead ({@link GuestLoop.Counter}), which HotSpot knows to be a
 *       counted loop of its own, and ask for the limit and an interrupt when the count is done.
 *   <li><b>Calls</b> look for an interrupt where a function begins that has loops or calls
 *       functions. One that does neither ends soon, and whatever goes on for long passes by one
 *       that does.
 *   <li><b>Short functions that call themselves</b> are there twice, and each copy calls the other:
 *       HotSpot takes a method into itself only once, so it sees twice as many levels of the
 *       recursion as one.
 *   <li><b>Stores near a marked one</b> leave no mark of what was written ({@link GuestWrites}).
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

    /** Prefix of the second copy of a function that calls itself. */
    static final String AGAIN = "again_";

    /** The longest function that gets one, in bytes of byte code. */
    private static final int LONGEST_TWICE = 160;

    private final CodeBuilder out;
    private final String name;
    private final String itself;
    private final List<CodeElement> code;
    private final GuestCalls calls;
    private final GuestLoops loops;
    private final GuestWrites writes;

    /** Local variables: what is left of the fuel, and of the turns of a counted loop. */
    private final int fuel;

    private final int turns;
    private final Map<Label, Label> labels = new HashMap<>();
    private final Map<Label, Label> outerHeads = new HashMap<>();
    private final Set<Label> placed = new HashSet<>();
    private final Map<Label, GuestLoop.Counter> counters = new HashMap<>();
    private final Map<Integer, GuestLoop> tests = new HashMap<>();

    private Peephole(CodeBuilder out, CodeModel body, MethodModel method, String itself) {
        this.out = out;
        this.name = method.methodName().stringValue();
        this.itself = itself;
        this.code = body.elementList();
        this.calls = new GuestCalls(method.methodTypeSymbol());
        this.loops = new GuestLoops(code);
        this.writes = new GuestWrites(code, loops);
        this.fuel = ((CodeAttribute) body).maxLocals();
        this.turns = fuel + 1;
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
                String name = method.methodName().stringValue();
                Optional<String> again =
                        method.code()
                                .filter(code -> isShortAndCallsItself(code, name))
                                .map(code -> name.replace(FUNCTIONS, AGAIN));
                improve(builder, method, name, again.orElse(name));
                again.ifPresent(copy -> improve(builder, method, copy, name));
            } else {
                builder.with(element);
            }
        };
    }

    /** Writes a method, by this name; where it called itself it calls one of that name. */
    private static void improve(
            ClassBuilder builder, MethodModel method, String name, String itself) {
        builder.withMethod(
                name,
                method.methodTypeSymbol(),
                method.flags().flagsMask(),
                to ->
                        method.forEach(
                                part -> {
                                    if (part instanceof CodeModel body) {
                                        to.withCode(
                                                out ->
                                                        new Peephole(out, body, method, itself)
                                                                .write());
                                    } else if (!(part instanceof AccessFlags)) {
                                        to.with(part);
                                    }
                                }));
    }

    private static boolean isShortAndCallsItself(CodeModel body, String name) {
        return ((CodeAttribute) body).codeLength() <= LONGEST_TWICE
                && body.elementStream()
                        .anyMatch(e -> e instanceof InvokeInstruction call && calls(call, name));
    }

    private static boolean calls(InvokeInstruction call, String name) {
        return call.opcode() == Opcode.INVOKESTATIC && call.name().equalsString(name);
    }

    private void write() {
        if (loops.callsTails()) {
            calls.poll(out);
        } else if (loops.calls() || !loops.isEmpty()) {
            calls.heedCall(out);
        }
        for (GuestLoop loop : loops.all()) {
            loop.counter(code)
                    .ifPresent(
                            counter -> {
                                counters.put(loop.label(), counter);
                                tests.put(counter.from(), loop);
                            });
        }
        if (!loops.isEmpty()) {
            refuel();
        }
        for (int i = 0; i < code.size(); i++) {
            i += write(i);
        }
    }

    private void refuel() {
        out.loadConstant(FUEL).istore(fuel);
    }

    /** Writes an element; answers how many more of them it stands for. */
    private int write(int i) {
        if (tests.containsKey(i)) {
            return test(tests.get(i));
        }
        switch (code.get(i)) {
            case LabelTarget target -> place(target.label());
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

    /** Where a jump to this label goes: from outside to a counted loop, before its head. */
    private Label of(Label label) {
        return counters.containsKey(label) && !placed.contains(label)
                ? outer(label)
                : labels.computeIfAbsent(label, l -> out.newLabel());
    }

    private Label outer(Label head) {
        return outerHeads.computeIfAbsent(head, h -> out.newLabel());
    }

    private List<SwitchCase> of(List<SwitchCase> cases) {
        return cases.stream().map(c -> SwitchCase.of(c.caseValue(), of(c.target()))).toList();
    }

    private void place(Label label) {
        if (counters.containsKey(label)) {
            out.labelBinding(outer(label));
            begin(counters.get(label));
        } else if (loops.at(label).isPresent()) {
            Label enter = out.newLabel();
            out.goto_(enter).labelBinding(outer(label));
            calls.poll(out);
            refuel();
            // An instruction between the two heads keeps them apart.
            out.labelBinding(enter).nop();
        }
        placed.add(label);
        out.labelBinding(of(label));
    }

    /** Before a counted loop: counts its turns, and takes them from the fuel of outer loops. */
    private void begin(GuestLoop.Counter counter) {
        if (counter.step() > 0) {
            out.with(counter.limit()).iload(counter.local());
        } else {
            out.iload(counter.local()).with(counter.limit());
        }
        out.isub().loadConstant(Math.abs(counter.step()));
        calls.turns(out);
        out.dup().istore(turns).iload(fuel).swap().isub().istore(fuel);
    }

    /**
     * At the end of a counted loop: as long as there are turns left, the counter cannot be at its
     * limit.
     */
    private int test(GuestLoop loop) {
        GuestLoop.Counter counter = counters.get(loop.label());
        out.istore(counter.local()).iinc(turns, -1).iload(turns).ifgt(of(loop.label()));
        out.iload(counter.local()).with(counter.limit()).if_icmpeq(of(counter.leave()));
        calls.poll(out);
        refuel();
        out.goto_(outer(loop.label()));
        return loop.back() + 1 - counter.from();
    }

    private int call(InvokeInstruction call, int i) {
        Optional<GuestLoop> loop = loops.back(i);
        if (loop.isPresent()) {
            Label head = loop.get().label();
            int cost = 1 + (i - loop.get().head()) / LENGTH_PER_FUEL;
            out.iinc(fuel, -cost).iload(fuel).ifge(of(head)).goto_(outer(head));
            return 1;
        }
        if (i + 1 < code.size() && code.get(i + 1) instanceof BranchInstruction branch) {
            Optional<Opcode> fused = GuestCalls.fused(call, branch.opcode());
            if (fused.isPresent()) {
                out.branch(fused.get(), of(branch.target()));
                return 1;
            }
        }
        if (calls(call, name)) {
            out.invokestatic(call.owner().asSymbol(), itself, call.typeSymbol());
        } else if (writes.isNear(i)) {
            calls.writeNear(call, out);
        } else if (!GuestCalls.isPoll(call)) {
            calls.write(call, out);
        } else if (!(code.get(i + 1) instanceof LoadInstruction)) {
            calls.poll(out);
        }
        return 0;
    }
}
