package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.wasm.OperandStack.Block;

import java.util.Arrays;
import java.util.List;

/**
 * Checks bodies of functions, as the WebAssembly specification says it, and writes them for the
 * {@link Interpreter}. Takes bodies that {@link CodeScan} let pass: every instruction is known and
 * blocks are balanced. One thread.
 *
 * <p>Of a module that was checked, no instruction finds fewer operands than it takes, and none
 * reaches another function's frame.
 */
final class FunctionCheck {
    private static final int FUNCTION = 0x00;
    private static final int IF = 0x04;
    private static final int ELSE = 0x05;

    private final byte[] module;
    private final ModuleTypes types;
    private final OperandStack operands = new OperandStack();
    private final CodeBuffer out = new CodeBuffer();
    private ModuleReader in;
    private int function;
    private char[] locals = {};
    private boolean writes;
    private boolean dead;

    FunctionCheck(byte[] module, ModuleTypes types) {
        this.module = module;
        this.types = types;
    }

    /**
     * Checks every function of the module.
     *
     * @throws CodeRejectedException if one is not valid
     * @throws InterruptedException if the thread was interrupted
     */
    static void checkAll(byte[] module, ModuleTypes types)
            throws CodeRejectedException, InterruptedException {
        FunctionCheck check = new FunctionCheck(module, types);
        for (int i = types.imports(); i < types.functions(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("checking was interrupted");
            }
            check.run(i, false);
        }
    }

    /** The function's code. */
    FunctionCode encode(int index) throws CodeRejectedException {
        run(index, true);
        String parameters = ModuleTypes.parameters(types.type(index));
        int[] references = new int[locals.length - parameters.length()];
        int found = 0;
        for (int i = parameters.length(); i < locals.length; i++) {
            if (ValueTypes.isReference(locals[i])) {
                references[found++] = i;
            }
        }
        return new FunctionCode(
                out.toArray(),
                parameters.length(),
                locals.length,
                locals.length + operands.highest(),
                Arrays.copyOf(references, found));
    }

    private void run(int index, boolean write) throws CodeRejectedException {
        int body = index - types.imports();
        in = new ModuleReader(module, types.bodyStarts()[body], types.bodyEnds()[body]);
        function = index;
        writes = write;
        dead = false;
        out.clear();
        operands.clear();
        readLocals();
        Block whole = operands.open(FUNCTION, "", ModuleTypes.results(types.type(index)));
        whole.dead = false;
        while (operands.depth() > 0) {
            instruction(in.u8());
        }
    }

    private void readLocals() throws CodeRejectedException {
        StringBuilder all = new StringBuilder(ModuleTypes.parameters(types.type(function)));
        long groups = in.u32();
        for (long i = 0; i < groups; i++) {
            int count = (int) in.u32();
            char type = ValueTypes.letter(in);
            all.repeat(type, count);
        }
        locals = all.toString().toCharArray();
    }

    private CodeRejectedException invalid(String what) {
        return new CodeRejectedException(
                Code.MALFORMED,
                "not valid WebAssembly: %s, in function %d at byte %d"
                        .formatted(what, function, in.position()));
    }

    private void require(boolean holds, String what) throws CodeRejectedException {
        if (!holds) {
            throw invalid(what);
        }
    }

    private void emit(int number) {
        if (writes && !dead) {
            out.add(number);
        }
    }

    private void apply(String signature) throws CodeRejectedException {
        require(operands.popAll(ModuleTypes.parameters(signature)), "operands of other types");
        operands.pushAll(ModuleTypes.results(signature));
    }

    private void pop(char type) throws CodeRejectedException {
        require(operands.pop(type), "an operand of another type");
    }

    private void instruction(int opcode) throws CodeRejectedException {
        if (Numeric.has(opcode)) {
            apply(Numeric.signature(opcode));
            emit(opcode);
        } else if (opcode >= Numeric.FIRST_MEMORY && opcode <= 0x3E) {
            memoryAccess(opcode);
        } else {
            switch (opcode) {
                case 0x00 -> {
                    emit(Op.UNREACHABLE);
                    unreachable();
                }
                case 0x01 -> {}
                case 0x02, 0x03, IF -> open(opcode);
                case ELSE -> otherwise();
                case 0x0B -> end();
                case 0x0C -> branch(in.u32());
                case 0x0D -> branchIf(in.u32());
                case 0x0E -> branchTable();
                case 0x0F -> leave();
                case 0x10 -> call(false);
                case 0x11 -> callIndirect(false);
                case 0x12 -> call(true);
                case 0x13 -> callIndirect(true);
                case 0x1A -> {
                    require(operands.pop() != 0, "nothing to drop");
                    emit(opcode);
                }
                case 0x1B -> select();
                case 0x1C -> selectTyped();
                case 0x41 -> constant('i', in.s32());
                case 0x42 -> longConstant('I', in.s64());
                case 0x43 -> constant('f', in.i32());
                case 0x44 -> longConstant('F', in.i64());
                default -> variable(opcode);
            }
        }
    }

    private void variable(int opcode) throws CodeRejectedException {
        switch (opcode) {
            case 0x20, 0x21, 0x22 -> local(opcode);
            case 0x23, 0x24 -> global(opcode);
            case 0x25, 0x26 -> table(opcode);
            case 0x3F -> memoryInstruction(opcode, ":i");
            case 0x40 -> memoryInstruction(opcode, "i:i");
            case 0xD0 -> {
                operands.push(ValueTypes.reference(in));
                emit(opcode);
            }
            case 0xD1 -> {
                char type = operands.pop();
                require(
                        ValueTypes.isReference(type) || type == OperandStack.UNKNOWN,
                        "no reference");
                operands.push('i');
                emit(opcode);
            }
            case 0xD2 -> refFunc(in.u32());
            case 0xFC -> prefixed((int) in.u32());
            default -> throw invalid("instruction 0x%02x".formatted(opcode));
        }
    }

    private void open(int opcode) throws CodeRejectedException {
        long type = in.s33();
        String signature = blockType(types, type);
        require(!signature.isEmpty(), "a block of an unknown type");
        if (opcode == IF) {
            pop('i');
        }
        require(operands.popAll(ModuleTypes.parameters(signature)), "parameters of a block");
        Block block =
                operands.open(
                        opcode, ModuleTypes.parameters(signature), ModuleTypes.results(signature));
        block.dead = dead;
        if (opcode == IF) {
            emit(Op.JUMP_IF_ZERO);
            block.otherwise = link(block.otherwise);
        } else if (opcode == 0x03) {
            block.target = out.size();
        }
    }

    private int link(int chain) {
        return writes && !dead ? out.link(chain) : chain;
    }

    private void otherwise() throws CodeRejectedException {
        Block block = operands.top();
        require(block.opcode == IF, "an else without an if");
        require(operands.takeResults(), "results of a block");
        emit(Op.JUMP);
        block.target = link(block.target);
        dead = block.dead;
        if (writes) {
            out.land(block.otherwise);
        }
        block.otherwise = CodeBuffer.NO_CHAIN;
        block.opcode = ELSE;
        block.polymorphic = false;
        operands.pushAll(block.parameters);
    }

    private void end() throws CodeRejectedException {
        Block block = operands.top();
        require(operands.takeResults(), "results of a block");
        if (block.opcode == IF) {
            require(block.parameters.equals(block.results), "an if without an else");
        }
        dead = block.dead;
        if (writes) {
            out.land(block.otherwise);
            if (block.opcode != 0x03) {
                out.land(block.target);
            }
        }
        operands.close();
        if (operands.depth() == 0) {
            emit(Op.RETURN);
            emit(block.results.length());
        } else {
            operands.pushAll(block.results);
        }
    }

    private void unreachable() {
        operands.unreachable();
        dead = true;
    }

    private Block label(long outwards) throws CodeRejectedException {
        Block block = operands.label(outwards);
        require(block != null, "a branch to nowhere");
        return block;
    }

    private void branch(long outwards) throws CodeRejectedException {
        Block block = label(outwards);
        emitBranch(block, Op.JUMP, Op.BRANCH);
        require(operands.popAll(block.labelTypes()), "operands of a branch");
        unreachable();
    }

    private void branchIf(long outwards) throws CodeRejectedException {
        pop('i');
        Block block = label(outwards);
        emitBranch(block, Op.JUMP_IF, Op.BRANCH_IF);
        require(operands.popAll(block.labelTypes()), "operands of a branch");
        operands.pushAll(block.labelTypes());
    }

    /** A jump where nothing has to move, else a branch. */
    private void emitBranch(Block block, int jump, int branch) {
        int kept = block.labelTypes().length();
        boolean moves = operands.height() != block.base + kept;
        emit(moves ? branch : jump);
        place(block);
        if (moves) {
            emit(kept);
            emit(locals.length + block.base);
        }
    }

    private void place(Block block) {
        if (block.opcode == 0x03) {
            emit(block.target);
        } else {
            block.target = link(block.target);
        }
    }

    private void branchTable() throws CodeRejectedException {
        pop('i');
        long count = in.u32();
        emit(Op.BRANCH_TABLE);
        emit((int) count);
        String letters = "";
        for (long i = 0; i <= count; i++) {
            Block block = label(in.u32());
            require(
                    i == 0 || letters.length() == block.labelTypes().length(),
                    "branches with more and with fewer operands");
            letters = block.labelTypes();
            require(operands.has(letters), "operands of a branch");
            place(block);
            emit(letters.length());
            emit(locals.length + block.base);
        }
        require(operands.popAll(letters), "operands of a branch");
        unreachable();
    }

    private void leave() throws CodeRejectedException {
        String results = ModuleTypes.results(types.type(function));
        require(operands.popAll(results), "results of the function");
        emit(Op.RETURN);
        emit(results.length());
        unreachable();
    }

    private void call(boolean tail) throws CodeRejectedException {
        long callee = in.u32();
        require(callee < types.functions(), "a call of an unknown function");
        emit(tail ? Op.RETURN_CALL : Op.CALL);
        emit((int) callee);
        called(types.type((int) callee), tail);
    }

    private void callIndirect(boolean tail) throws CodeRejectedException {
        long type = in.u32();
        long table = in.u32();
        require(type < types.types().size(), "a call of an unknown type");
        require(
                table < types.tableTypes().length()
                        && types.tableTypes().charAt((int) table) == 'r',
                "a call through no table of functions");
        pop('i');
        emit(tail ? Op.RETURN_CALL_INDIRECT : Op.CALL_INDIRECT);
        emit((int) type);
        emit((int) table);
        called(types.types().get((int) type), tail);
    }

    private void called(String type, boolean tail) throws CodeRejectedException {
        if (tail) {
            require(
                    ModuleTypes.results(type).equals(ModuleTypes.results(types.type(function))),
                    "a tail call of another type");
        }
        apply(type);
        if (tail) {
            unreachable();
        }
    }

    private void select() throws CodeRejectedException {
        pop('i');
        char one = operands.pop();
        char other = operands.pop();
        require(one != 0 && other != 0, "nothing to select");
        require(
                one == other || one == OperandStack.UNKNOWN || other == OperandStack.UNKNOWN,
                "a selection of two types");
        require(
                !ValueTypes.isReference(one) && !ValueTypes.isReference(other),
                "a selection of references");
        operands.push(one == OperandStack.UNKNOWN ? other : one);
        emit(Op.SELECT);
    }

    private void selectTyped() throws CodeRejectedException {
        require(in.u32() == 1, "a selection of several types");
        char type = ValueTypes.letter(in);
        pop('i');
        pop(type);
        pop(type);
        operands.push(type);
        emit(Op.SELECT);
    }

    private void constant(char type, int bits) {
        operands.push(type);
        emit(Op.CONST);
        emit(bits);
    }

    private void longConstant(char type, long bits) {
        operands.push(type);
        emit(Op.LONG_CONST);
        emit((int) bits);
        emit((int) (bits >> 32));
    }

    private void local(int opcode) throws CodeRejectedException {
        long index = in.u32();
        require(index < locals.length, "an unknown local variable");
        char type = locals[(int) index];
        if (opcode != Op.LOCAL_GET) {
            pop(type);
        }
        if (opcode != Op.LOCAL_SET) {
            operands.push(type);
        }
        emit(opcode);
        emit((int) index);
    }

    private void global(int opcode) throws CodeRejectedException {
        long index = in.u32();
        require(index < types.globalTypes().length(), "an unknown global");
        char type = types.globalTypes().charAt((int) index);
        if (opcode == Op.GLOBAL_GET) {
            operands.push(type);
        } else {
            require(types.mutableGlobals().get((int) index), "a constant global is set");
            pop(type);
        }
        emit(opcode);
        emit((int) index);
    }

    private char tableType(long index) throws CodeRejectedException {
        require(index < types.tableTypes().length(), "an unknown table");
        return types.tableTypes().charAt((int) index);
    }

    private void table(int opcode) throws CodeRejectedException {
        long index = in.u32();
        char type = tableType(index);
        apply(opcode == Op.TABLE_GET ? "i:" + type : "i" + type + ":");
        emit(opcode);
        emit((int) index);
    }

    private void refFunc(long index) throws CodeRejectedException {
        require(index < types.functions(), "a reference to an unknown function");
        require(types.referable().get((int) index), "a reference to an undeclared function");
        operands.push('r');
        emit(Op.REF_FUNC);
        emit((int) index);
    }

    private void memoryAccess(int opcode) throws CodeRejectedException {
        require(in.u32() <= Numeric.memoryWidth(opcode), "an alignment larger than natural");
        int offset = (int) in.u32();
        char type = Numeric.memoryType(opcode);
        apply(opcode <= Numeric.LAST_LOAD ? "i:" + type : "i" + type + ":");
        emit(opcode);
        emit(offset);
    }

    private void memoryInstruction(int opcode, String signature) throws CodeRejectedException {
        require(in.u32() == 0, "another memory");
        apply(signature);
        emit(opcode);
    }

    private void prefixed(int opcode) throws CodeRejectedException {
        if (opcode <= 7) {
            apply(Numeric.saturating(opcode));
            emit(Op.PREFIXED + opcode);
            return;
        }
        int first = (int) in.u32();
        int second =
                opcode == 8 || opcode == 10 || opcode == 12 || opcode == 14 ? (int) in.u32() : 0;
        String signature = RangeTypes.signature(types, opcode, first, second);
        require(!signature.isEmpty(), "an unknown table, segment or memory, or two types");
        apply(signature);
        emit(Op.PREFIXED + opcode);
        emit(first);
        emit(second);
    }

    /** Empty if there is no such type. */
    private static String blockType(ModuleTypes types, long type) {
        if (type >= 0) {
            return type < types.types().size() ? types.types().get((int) type) : "";
        }
        // As letters of values, read as signed numbers of 7 bits.
        int index = List.of(-64L, -1L, -2L, -3L, -4L, -16L, -17L).indexOf(type);
        return index < 0 ? "" : List.of(":", ":i", ":I", ":f", ":F", ":r", ":e").get(index);
    }
}
