package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one module comes to be compiled: from the cache of classes, else by the compiler, and then
 * into the cache. Used by one thread at a time.
 */
final class Compilation {
    private final ModuleTypes types;
    private final CacheKey key;
    private final boolean marks;
    private final Optional<ClassCache> cache;
    private volatile Optional<byte[]> module;
    private volatile List<String> notes = List.of();

    /**
     * Of a module that was checked.
     *
     * @param marks whether its first form is the one that marks what it writes
     */
    Compilation(
            byte[] module,
            ModuleTypes types,
            CacheKey key,
            Optional<ClassCache> cache,
            boolean marks) {
        this.marks = marks;
        this.types = types;
        this.module = Optional.of(module);
        this.key = key;
        this.cache = cache;
    }

    /** What was found in what was compiled. */
    List<String> notes() {
        return notes;
    }

    /** The engine of a module that this node has compiled before. */
    Optional<Engine> fromCache() {
        Optional<CompiledClasses> classes = cache.flatMap(c -> c.get(key));
        if (classes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(load(classes.get()));
        } catch (CodeRejectedException e) {
            // Another JVM of the same version may be of another mind; then it is compiled again.
            return Optional.empty();
        }
    }

    /**
     * The engine of the second form, made of what is in the cache of classes: empty if it is not
     * there any more, or if some functions are interpreted. May be called beside all others.
     *
     * @throws CodeRejectedException if the JVM does not take the classes
     */
    Optional<Engine> unmarked() throws CodeRejectedException {
        Optional<CompiledClasses> classes =
                cache.flatMap(c -> c.get(key)).filter(c -> c.interpreted().isEmpty());
        return classes.isEmpty() ? Optional.empty() : Optional.of(UnmarkedForm.load(classes.get()));
    }

    /**
     * Compiles the module.
     *
     * @throws CodeRejectedException if it stays interpreted; why
     * @throws InterruptedException if the thread was interrupted
     */
    Engine compile(ModuleShape shape) throws CodeRejectedException, InterruptedException {
        CompiledClasses classes =
                ModuleCompiler.compile(ModuleParser.whole(module.orElseThrow(), shape), types);
        if (Thread.interrupted()) {
            throw new InterruptedException("compiling was interrupted");
        }
        Engine engine = load(classes);
        cache.ifPresent(c -> c.put(key, classes));
        return engine;
    }

    private Engine load(CompiledClasses classes) throws CodeRejectedException {
        byte[] bytes = module.orElseThrow();
        Engine engine =
                marks || !classes.interpreted().isEmpty()
                        ? Engine.running(classes, bytes, types)
                        : UnmarkedForm.load(classes);
        List<String> found =
                new ArrayList<>(LongFunctions.notes(classes.interpreted(), types, bytes));
        var large = LargeFunctions.find(classes);
        if (!large.isEmpty()) {
            found.addAll(LargeFunctions.notes(large, bytes, LargeFunctions.areCompiled()));
        }
        notes = List.copyOf(found);
        // Nobody needs it any more.
        module = Optional.empty();
        return engine;
    }
}
