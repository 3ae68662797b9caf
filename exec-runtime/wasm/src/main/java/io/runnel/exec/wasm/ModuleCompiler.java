package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.ByteClassCollector;
import run.endive.compiler.internal.Compiler;
import run.endive.wasm.WasmModule;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compiles modules to byte code. */
final class ModuleCompiler {
    private static final Pattern TOO_LARGE =
            Pattern.compile("exceeds the Java method size.*function index: (\\d+)");

    private ModuleCompiler() {}

    /**
     * Compiles the whole module. Nothing is left to the library's interpreter, which would be slow
     * and keep the operands of a hostile recursion on the heap.
     *
     * @throws CodeRejectedException if the compiler, or a limit of class files, does not let it
     */
    static CompiledClasses compile(WasmModule module) throws CodeRejectedException {
        try {
            // The library's public face loads the classes itself, and twice.
            var result =
                    Compiler.builder(module)
                            .withInterpreterFallback(InterpreterFallback.FAIL)
                            .withClassCollectorFactory(ByteClassCollector::new)
                            .build()
                            .compile();
            Map<String, byte[]> classes = new HashMap<>();
            result.classBytes()
                    .forEach((name, file) -> classes.put(dotted(name), Peephole.improve(file)));
            return new CompiledClasses(dotted(result.collector().mainClassName()), classes);
        } catch (RuntimeException | AssertionError e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "cannot be compiled: " + reason(e), e);
        } catch (LinkageError e) {
            throw new CodeRejectedException(
                    Code.UNSUPPORTED, "cannot be compiled: " + e.getClass().getSimpleName(), e);
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "the module is too large or too nested to compile", e);
        }
    }

    /** The library's text about large functions is long, and names the function at its end. */
    private static String reason(Throwable e) {
        Matcher large = TOO_LARGE.matcher(String.valueOf(e.getMessage()));
        return large.find()
                ? "function %s is longer than the JVM allows (64 KiB of byte code)"
                        .formatted(large.group(1))
                : Messages.of(e);
    }

    /** Some names come as they are in class files, some as in programs. */
    private static String dotted(String name) {
        return name.replace('/', '.');
    }
}
