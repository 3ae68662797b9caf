package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.Tier;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.Map;

/**
 * The second form of compiled code, for programs whose calls run much longer than a copy of their
 * memory takes: as the first, but for {@link UnmarkedAccess} in place of {@link MarkedAccess}. Made
 * of the first one's class files in some milliseconds; nothing is compiled again but by HotSpot.
 */
final class UnmarkedForm {
    private static final ClassDesc MARKED = ClassDesc.of(MarkedAccess.class.getName());
    private static final ClassDesc UNMARKED = ClassDesc.of(UnmarkedAccess.class.getName());

    private UnmarkedForm() {}

    /**
     * Loads it.
     *
     * @param classes of the first form; all functions are in them
     */
    static Engine load(CompiledClasses classes) throws CodeRejectedException {
        return new Engine(Tier.COMPILED, ProgramLoader.load(of(classes)), false);
    }

    static CompiledClasses of(CompiledClasses marked) {
        Map<String, byte[]> classes = new HashMap<>();
        marked.classes().forEach((name, file) -> classes.put(name, of(file)));
        return new CompiledClasses(marked.main(), classes, marked.interpreted());
    }

    private static byte[] of(byte[] file) {
        CodeTransform calls =
                (out, element) -> {
                    if (element instanceof InvokeInstruction call
                            && call.owner().asSymbol().equals(MARKED)) {
                        out.invokestatic(UNMARKED, call.name().stringValue(), call.typeSymbol());
                    } else {
                        out.with(element);
                    }
                };
        return ClassFile.of()
                .transformClass(
                        ClassFile.of().parse(file), ClassTransform.transformingMethodBodies(calls));
    }
}
