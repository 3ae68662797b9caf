package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Functions that stay interpreted among compiled ones give what they all give otherwise. */
class MixedMachineTest {
    private static final byte[] MODULE = Guests.module("mixed");

    private ModuleShape shape;
    private WasmModule whole;
    private InstanceMaker maker;

    @BeforeEach
    void parse() throws Exception {
        shape = ModuleScan.scan(MODULE);
        FunctionCheck.checkAll(MODULE, shape.types());
        whole = ModuleParser.whole(MODULE, shape);
        maker = InstanceMaker.of(MODULE, shape, true);
    }

    @AfterEach
    void forgetInterrupts() {
        Thread.interrupted();
    }

    private GuestInstance instance(Engine engine) {
        GuestInstance instance = maker.make(engine, maker.first());
        instance.memory().begin(TestCalls.none(), 1 << 20);
        return instance;
    }

    private GuestInstance mixed(SortedSet<Integer> interpreted) throws Exception {
        var classes = ModuleCompiler.compile(whole, interpreted);
        return instance(Engine.running(classes, MODULE, shape.types()));
    }

    /** None, all, each alone, all but each, each second. */
    private List<SortedSet<Integer>> choices() {
        int count = shape.types().functions();
        List<SortedSet<Integer>> all = new ArrayList<>();
        all.add(new TreeSet<>());
        for (int i = 0; i < count; i++) {
            SortedSet<Integer> others = new TreeSet<>();
            for (int k = 0; k < count; k++) {
                if (k != i) {
                    others.add(k);
                }
            }
            all.add(new TreeSet<>(List.of(i)));
            all.add(others);
        }
        for (int first : List.of(0, 1)) {
            SortedSet<Integer> each = new TreeSet<>();
            for (int k = first; k < count; k += 2) {
                each.add(k);
            }
            all.add(each);
        }
        return all;
    }

    /** What differs most: none, all, and each second one. */
    private List<SortedSet<Integer>> fewChoices() {
        List<SortedSet<Integer>> all = choices();
        SortedSet<Integer> every = new TreeSet<>(all.get(2));
        every.add(0);
        return List.of(all.getFirst(), every, all.get(all.size() - 2), all.getLast());
    }

    private String result(GuestInstance instance, String function, long... arguments) {
        try {
            return Arrays.toString(instance.call(Exports.function(whole, function), arguments));
        } catch (WasmEngineException | GuestStackExceeded e) {
            return "trap " + FuzzCall.kind(e);
        }
    }

    private List<String> results(GuestInstance instance) {
        List<String> all = new ArrayList<>();
        all.add(result(instance, "even", 100));
        all.add(result(instance, "odd", 100));
        all.add(result(instance, "tail_even", 200_001));
        all.add(result(instance, "tail_odd", 200_001));
        all.add(result(instance, "after_tail", 200_001));
        for (int kind = 0; kind < 4; kind++) {
            all.add(result(instance, "traps", kind));
        }
        long[] numbers = {
            -1,
            Long.MIN_VALUE + 5,
            Float.floatToRawIntBits(-1.5f),
            Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY)
        };
        all.add(result(instance, "turned", numbers));
        all.add(result(instance, "turned_twice", numbers));
        all.add(result(instance, "references", 100));
        all.add(result(instance, "writes_both", 1000));
        all.add(result(instance, "sum", 0));
        return all;
    }

    @Test
    void whateverStaysInterpretedGivesTheSame() throws Exception {
        GuestInstance interpreted = instance(Engine.interpreting(MODULE, shape.types()));
        List<String> expected = results(interpreted);
        assertEquals("[1]", expected.getFirst());
        assertEquals(
                List.of("trap unreachable", "trap memory", "trap zero", "trap table"),
                expected.subList(5, 9));
        for (SortedSet<Integer> choice : choices()) {
            assertEquals(expected, results(mixed(choice)), choice.toString());
        }
    }

    @Test
    void whatEitherSideWroteIsBroughtBack() throws Exception {
        for (SortedSet<Integer> choice : fewChoices()) {
            GuestInstance instance = mixed(choice);
            String fresh = result(instance, "sum", 0);
            results(instance);
            assertTrue(!fresh.equals(result(instance, "sum", 0)), choice.toString());
            instance.restore(maker.first());
            assertEquals(fresh, result(instance, "sum", 0), choice.toString());
            assertEquals("[1]", result(instance, "even", 100));
        }
    }

    @Test
    void recursionAcrossTheBorderEndsAtALimit() throws Exception {
        for (String function : List.of("for_ever", "for_ever_too")) {
            for (SortedSet<Integer> choice : fewChoices()) {
                GuestInstance instance = mixed(choice);
                assertEquals("trap stack", result(instance, function, 1), choice.toString());
                instance.restore(maker.first());
                assertEquals("[1]", result(instance, "even", 10), choice.toString());
            }
        }
    }

    @Test
    void anInterruptEndsLoopsOnBothSides() throws Exception {
        for (String function : List.of("spin", "calls_spin", "for_ever")) {
            int index = Exports.function(whole, function);
            for (SortedSet<Integer> choice : fewChoices()) {
                GuestInstance instance = mixed(choice);
                Thread.currentThread().interrupt();
                assertThrows(
                        WasmInterruptedException.class,
                        () -> instance.call(index, 1),
                        function + choice);
                assertTrue(Thread.interrupted());
            }
        }
    }
}
