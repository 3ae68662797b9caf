package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import io.runnel.exec.isolate.Tier;

import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.List;

/**
 * A compiled module with an instance.
 *
 * @param first what the instance begins with
 */
record CompiledGuest(GuestInstance instance, Image first, CompiledClasses classes) {
    static CompiledGuest of(byte[] module) throws Exception {
        return of(module, true);
    }

    /** In the form that leaves marks, or the other. */
    static CompiledGuest of(byte[] module, boolean marks) throws Exception {
        ModuleShape shape = ModuleScan.scan(module);
        FunctionCheck.checkAll(module, shape.types());
        InstanceMaker maker = InstanceMaker.of(module, shape, true);
        var classes = ModuleCompiler.compile(ModuleParser.whole(module, shape));
        Engine engine =
                marks
                        ? new Engine(Tier.COMPILED, ProgramLoader.load(classes))
                        : UnmarkedForm.load(classes);
        GuestInstance instance = maker.make(engine, maker.first());
        instance.memory().begin(TestCalls.none(), 1 << 26);
        return new CompiledGuest(instance, maker.first(), classes);
    }

    /**
     * A module whose function 1 takes two i32 and gives one, with a page of memory.
     *
     * @param body its local variables, and its code
     */
    static CompiledGuest ofFunction(ModuleBytes body) throws Exception {
        return ofFunction(body, true);
    }

    /** In the form that leaves marks, or the other. */
    static CompiledGuest ofFunction(ModuleBytes body, boolean marks) throws Exception {
        byte[] code = body.toBytes();
        ModuleBytes functions = bytes().u32(2).raw(2, 0, 0x0B).u32(code.length).add(body);
        return of(
                ModuleBytes.module()
                        .section(1, bytes().raw(2, 0x60, 0, 0, 0x60, 2, 0x7F, 0x7F, 1, 0x7F))
                        .section(3, bytes().raw(2, 0, 1))
                        .section(5, bytes().raw(1, 0, 1))
                        .section(
                                7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0))
                        .section(10, functions)
                        .toBytes(),
                marks);
    }

    /** What function 1 gives. */
    int apply(int first, int second) {
        return (int) instance.call(1, first, second)[0];
    }

    /** The methods that the code of a function calls, in order. */
    List<String> calls(int function) {
        return classes.classes().values().stream()
                .flatMap(file -> ClassFile.of().parse(file).methods().stream())
                .filter(method -> method.methodName().equalsString("func_" + function))
                .flatMap(method -> method.code().orElseThrow().elementStream())
                .filter(InvokeInstruction.class::isInstance)
                .map(call -> ((InvokeInstruction) call).name().stringValue())
                .toList();
    }
}
