package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.ByteClassCollector;
import run.endive.compiler.internal.Compiler;
import run.endive.compiler.internal.CompilerResult;
import run.endive.wasm.WasmModule;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compiles modules to byte code. Nothing is left to the library's interpreter, which would be slow
 * and keep the operands of a hostile recursion on the heap: what is not compiled is run by {@link
 * MixedMachine}.
 */
final class ModuleCompiler {
    private static final Pattern TOO_LARGE =
            Pattern.compile("exceeds the Java method size.*function index: (\\d+)");

    private ModuleCompiler() {}

    /**
     * Compiles the module but for functions that are too long.
     *
     * @throws CodeRejectedException if the compiler, or a limit, does not let it
     * @throws InterruptedException if the thread was interrupted
     */
    static CompiledClasses compile(WasmModule module, ModuleTypes types)
            throws CodeRejectedException, InterruptedException {
        LongFunctions tooLong = new LongFunctions(module, types);
        while (true) {
            try {
                return compile(module, tooLong.found());
            } catch (FunctionTooLongException e) {
                tooLong.failed(e.function());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("compiling was interrupted");
            }
        }
    }

    /**
     * Compiles all functions of the module.
     *
     * @throws CodeRejectedException as {@link #compile(WasmModule, ModuleTypes)}, or if a function
     *     is too long
     */
    static CompiledClasses compile(WasmModule module) throws CodeRejectedException {
        try {
            return compile(module, Collections.emptySortedSet());
        } catch (FunctionTooLongException e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "cannot be compiled: " + e.getMessage(), e);
        }
    }

    /** Compiles all functions but these. */
    static CompiledClasses compile(WasmModule module, SortedSet<Integer> interpreted)
            throws CodeRejectedException, FunctionTooLongException {
        try {
            return improved(emit(module, interpreted), interpreted);
        } catch (RuntimeException | AssertionError e) {
            Matcher large = TOO_LARGE.matcher(String.valueOf(e.getMessage()));
            if (large.find()) {
                throw new FunctionTooLongException(Integer.parseInt(large.group(1)), e);
            }
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "cannot be compiled: " + Messages.of(e), e);
        } catch (LinkageError e) {
            throw new CodeRejectedException(
                    Code.UNSUPPORTED, "cannot be compiled: " + e.getClass().getSimpleName(), e);
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "the module is too large or too nested to compile", e);
        }
    }

    /** The library's public face loads the classes itself, and twice. */
    private static CompilerResult emit(WasmModule module, SortedSet<Integer> interpreted) {
        return Compiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withInterpretedFunctions(interpreted)
                .withClassCollectorFactory(ByteClassCollector::new)
                .build()
                .compile();
    }

    private static CompiledClasses improved(CompilerResult result, SortedSet<Integer> interpreted) {
        Map<String, byte[]> classes = new HashMap<>();
        result.classBytes()
                .forEach((name, file) -> classes.put(dotted(name), Peephole.improve(file)));
        return new CompiledClasses(
                dotted(result.collector().mainClassName()), classes, interpreted);
    }

    /** Some names come as they are in class files, some as in programs. */
    private static String dotted(String name) {
        return name.replace('/', '.');
    }
}
