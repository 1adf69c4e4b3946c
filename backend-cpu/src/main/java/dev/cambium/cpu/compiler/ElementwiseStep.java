package dev.cambium.cpu.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cambium.CambiumException;
import dev.cambium.cpu.kernels.ChainLoop;
import dev.cambium.cpu.kernels.Elementwise;
import dev.cambium.cpu.kernels.RandomBits;
import dev.cambium.cpu.kernels.WarmUps;
import dev.cambium.tensor.DType;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Shape;
import dev.cambium.tensor.Tensor;

/**
 * A chain of elementwise operations in one pass over memory: chunk by chunk, each operation runs over the whole chunk before the
 * next, and what passes between them stays in the lane's registers, which the first-level cache holds.
 */
final class ElementwiseStep implements Step {
    private static final int LARGE = 1 << 14;
    /** Elements times operations from which on it is worth to have a loop generated and compiled. */
    private static final int WORTH_A_LOOP = 1 << 15;

    /** One operation over a chunk; operands and target are numbers of slots. A selection by a comparison has both operations. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Instruction(String path, Op op, Optional<Op.Compare> condition, DType operandType, int[] operands,
            int target) {}

    /** An operand that does not lie as the chain runs: it is brought into a register first. */
    private record Load(int slot, int register, StridedRun run) {
        /** Whether what is brought for one chunk serves all chunks of all samples. */
        boolean once(View view, boolean perSample) {
            return run.repeatsAfter(Lane.CHUNK) && !(perSample && view.strides()[0] != 0);
        }
    }

    private final List<View> reads;
    private final List<View> writes;
    private final List<Tensor> members;
    private final boolean perSample;
    private final int units;
    private final int unitSize;
    private final int size;
    private final int[] operandSteps;
    private final int[] registers;
    private final DType[] registerTypes;
    private final Load[] loadsOnce;
    private final Load[] loads;
    private final Instruction[] instructions;
    private final Optional<ChainLoop> loop;
    private final Map<Storage, Integer> lastReads;
    private final Map<Storage, Integer> definitions;

    /**
     * Prepares a chain.
     *
     * @param members
     *            the operations, each after its inputs; random bits only if the shape's axes are in the tensors' order
     * @param sources
     *            where the inputs from outside lie
     * @param results
     *            where the values go that others need, row-major; the shape of these views, which is that of all, may have the
     *            tensors' axes in another order
     * @param bySample
     *            whether it is to be cut into samples even if it is small, because what it reads is made sample by sample
     */
    static ElementwiseStep of(List<Tensor> members, Map<Tensor, View> sources, Map<Tensor, View> results,
            boolean bySample) {
        return new ElementwiseStep(members, sources, results, bySample);
    }

    private ElementwiseStep(List<Tensor> members, Map<Tensor, View> sources, Map<Tensor, View> results,
            boolean bySample) {
        this.members = members;
        reads = List.copyOf(sources.values());
        writes = List.copyOf(results.values());
        Shape shape = writes.getFirst().shape();
        size = Math.toIntExact(shape.size());
        int samples = shape.rank() == 0 ? 1 : shape.dim(0);
        perSample = samples > 1 && (size >= LARGE || bySample);
        unitSize = perSample ? size / samples : Math.max(1, Math.min(size, LARGE));
        units = perSample ? samples : Math.ceilDiv(size, unitSize);

        var builder = new Builder(members, sources, results);
        operandSteps = builder.steps.stream().mapToInt(i -> i).toArray();
        registers = builder.registers.stream().mapToInt(i -> i).toArray();
        registerTypes = builder.types.toArray(DType[]::new);
        loadsOnce = builder.loads.stream().filter(load -> load.once(reads.get(load.slot()), perSample))
                .toArray(Load[]::new);
        loads = builder.loads.stream().filter(load -> !load.once(reads.get(load.slot()), perSample))
                .toArray(Load[]::new);
        instructions = builder.instructions.toArray(Instruction[]::new);
        lastReads = builder.lastReads;
        definitions = builder.definitions;
        loop = work() < WORTH_A_LOOP ? Optional.empty() : ChainLoop.of(chain(), size);
    }

    private ChainLoop.Chain chain() {
        var slots = new ArrayList<ChainLoop.Slot>();
        for (int slot = 0; slot < operandSteps.length; slot++) {
            boolean inside = slot >= reads.size() + writes.size();
            slots.add(new ChainLoop.Slot(registerTypes[slot],
                    operandSteps[slot] == 0 ? ChainLoop.Place.SPREAD
                            : inside ? ChainLoop.Place.WITHIN
                                    : slot < reads.size() ? ChainLoop.Place.READ : ChainLoop.Place.WRITTEN));
        }
        List<ChainLoop.Operation> operations = Arrays.stream(instructions)
                .map(instruction -> new ChainLoop.Operation(instruction.op(), instruction.condition(),
                        Arrays.stream(instruction.operands()).boxed().toList(), instruction.target()))
                .toList();
        return new ChainLoop.Chain(List.copyOf(slots), operations);
    }

    /** Assigns slots: first the inputs, then the results, then registers for values in between. */
    private final class Builder {
        private static final int NONE = -1;

        private final Map<Tensor, Integer> slots = new HashMap<>();
        private final Map<Tensor, Integer> lastUses = new HashMap<>();
        private final List<Integer> steps = new ArrayList<>();
        private final List<Integer> registers = new ArrayList<>();
        private final List<DType> types = new ArrayList<>();
        private final List<Load> loads = new ArrayList<>();
        private final List<Instruction> instructions = new ArrayList<>();
        private final Map<Storage, Integer> lastReads = new LinkedHashMap<>();
        private final Map<Storage, Integer> definitions = new LinkedHashMap<>();
        private final Deque<Integer> freeRegisters = new ArrayDeque<>();
        private final Set<Tensor> folded;
        private int registerCount;

        Builder(List<Tensor> members, Map<Tensor, View> sources, Map<Tensor, View> results) {
            folded = members.stream().filter(member -> isFolded(member, members, results)).collect(Collectors.toSet());
            List<Tensor> emitted = members.stream().filter(member -> !folded.contains(member)).toList();
            sources.forEach(
                    (tensor, view) -> addSource(tensor, view, isOnlySplat(tensor, emitted, sources, results)));
            results.keySet().forEach(tensor -> slots.put(tensor, add(1, NONE, tensor.dtype())));
            for (int i = 0; i < emitted.size(); i++) {
                for (Tensor operand : operands(emitted.get(i))) {
                    lastUses.put(operand, i);
                }
            }
            for (int i = 0; i < emitted.size(); i++) {
                emit(emitted.get(i), i, sources, results);
            }
        }

        private void addSource(Tensor tensor, View view, boolean fill) {
            if (view.isSplat() && !fill) {
                slots.put(tensor, add(0, NONE, tensor.dtype()));
            } else if (view.isRowMajor()) {
                slots.put(tensor, add(1, NONE, tensor.dtype()));
            } else {
                int register = registerCount++;
                int slot = add(1, register, tensor.dtype());
                slots.put(tensor, slot);
                loads.add(new Load(slot, register, StridedRun.of(view, perSample && view.strides()[0] != 0)));
            }
        }

        private int add(int step, int register, DType type) {
            steps.add(step);
            registers.add(register);
            types.add(type);
            return steps.size() - 1;
        }

        private void emit(Tensor tensor, int position, Map<Tensor, View> sources,
                Map<Tensor, View> results) {
            List<Tensor> operands = operands(tensor);
            int[] operandSlots = operands.stream().mapToInt(operand -> Objects.requireNonNull(slots.get(operand)))
                    .toArray();
            for (Tensor operand : operands) {
                View source = sources.get(operand);
                if (source != null) {
                    lastReads.put(source.storage(), position);
                } else if (!results.containsKey(operand) && Objects.equals(lastUses.get(operand), position)) {
                    int register = registers.get(Objects.requireNonNull(slots.get(operand)));
                    if (!freeRegisters.contains(register)) {
                        freeRegisters.push(register);
                    }
                }
            }
            View result = results.get(tensor);
            int target;
            if (result != null) {
                target = Objects.requireNonNull(slots.get(tensor));
                definitions.put(result.storage(), position);
            } else {
                int register = freeRegisters.isEmpty() ? registerCount++ : freeRegisters.pop();
                target = add(1, register, tensor.dtype());
                slots.put(tensor, target);
            }
            Optional<Op.Compare> condition = isSelectCompare(tensor)
                    ? Optional.of((Op.Compare) tensor.input(0).op())
                    : Optional.empty();
            instructions
                    .add(new Instruction(tensor.path(), tensor.op(), condition, operandType(tensor), operandSlots,
                            target));
        }

        /** A comparison that only decides selections is made by them. */
        private static boolean isFolded(Tensor tensor, List<Tensor> members, Map<Tensor, View> results) {
            return tensor.op() instanceof Op.Compare && tensor.input(0).dtype() == DType.FLOAT32
                    && !results.containsKey(tensor)
                    && members.stream().filter(member -> member.inputs().contains(tensor))
                            .allMatch(user -> user.op() instanceof Op.Select && user.input(0) == tensor
                                    && user.dtype() == DType.FLOAT32
                                    && user.input(1) != tensor && user.input(2) != tensor);
        }

        private List<Tensor> operands(Tensor tensor) {
            if (!isSelectCompare(tensor)) {
                return tensor.inputs();
            }
            Tensor compare = tensor.input(0);
            return List.of(compare.input(0), compare.input(1), tensor.input(1), tensor.input(2));
        }

        private boolean isSelectCompare(Tensor tensor) {
            return tensor.op() instanceof Op.Select && folded.contains(tensor.input(0));
        }

        private DType operandType(Tensor tensor) {
            return tensor.op() instanceof Op.Select && !isSelectCompare(tensor) ? tensor.dtype()
                    : tensor.input(0).dtype();
        }

        /** Whether some operation has this and other all-equal operands only, so that it must be spread out. */
        private boolean isOnlySplat(Tensor source, List<Tensor> emitted, Map<Tensor, View> sources,
                Map<Tensor, View> results) {
            return emitted.stream().filter(member -> !(member.op() instanceof Op.RandomBits))
                    .map(member -> operands(member))
                    .anyMatch(operands -> operands.get(0) == source && operands.stream().allMatch(operand -> {
                        View view = sources.get(operand);
                        return view != null && view.isSplat() && !results.containsKey(operand);
                    }));
        }
    }

    @Override
    public String name() {
        return "elementwise";
    }

    @Override
    public List<View> reads() {
        return reads;
    }

    @Override
    public List<View> writes() {
        return writes;
    }

    @Override
    public int units() {
        return units;
    }

    @Override
    public boolean perSample() {
        return perSample;
    }

    @Override
    public boolean mayOverwrite(Storage result, Storage operand) {
        Integer defined = definitions.get(result);
        Integer read = lastReads.get(operand);
        boolean dense = reads.stream().filter(view -> view.storage() == operand)
                .allMatch(view -> view.isRowMajor() && view.offset() == 0)
                && writes.stream().filter(view -> view.storage() == result).allMatch(View::isRowMajor);
        return defined != null && (read == null || read <= defined) && dense;
    }

    @Override
    public boolean mayFail() {
        return members.stream().anyMatch(member -> member.op() instanceof Op.Binary(Op.BinaryKind kind)
                && kind == Op.BinaryKind.DIV && !member.dtype().isFloating());
    }

    @Override
    public Needs needs() {
        int highest = Arrays.stream(registers).max().orElse(-1);
        return new Needs(0, highest + 1, operandSteps.length);
    }

    @Override
    public List<DType> registerTypes() {
        return List.of(registerTypes);
    }

    private long work() {
        return (long) size * instructions.length;
    }

    @Override
    public void warmUp() {
        if (loop.isEmpty()) {
            WarmUps.submit(Elementwise.class, Elementwise::warmUp, work());
        }
        if (members.stream().anyMatch(member -> member.op() instanceof Op.RandomBits)) {
            WarmUps.submit(RandomBits.class, RandomBits::warmUp, size);
        }
    }

    @Override
    public void run(int from, int to, int part, Lane lane) {
        pointToRegisters(lane);
        for (Load load : loadsOnce) {
            load(load, 0, 0, Math.min(Lane.CHUNK, (to - from) * unitSize), lane);
        }
        if (!perSample) {
            frame(0, from * unitSize, Math.min(to * unitSize, size), lane);
        } else if (loads.length == 0) {
            frame(from, 0, (to - from) * unitSize, lane);
        } else {
            for (int sample = from; sample < to; sample++) {
                frame(sample, 0, unitSize, lane);
            }
        }
    }

    /** Runs over the elements {@code from} to {@code to}, counted from the beginning of a sample, or of all when not cut by sample. */
    private void frame(int sample, int from, int to, Lane lane) {
        int start = from;
        if (loop.isPresent() && loads.length + loadsOnce.length == 0) {
            pointToMemory(sample, start, lane);
            start += loop.get().run(lane.slotArrays(), lane.slotOffsets(), to - from);
        }
        for (int count; start < to; start += count) {
            count = Math.min(Lane.CHUNK, to - start);
            pointToMemory(sample, start, lane);
            for (Load load : loads) {
                load(load, sample, start, count, lane);
            }
            int done = loop.isPresent() ? loop.get().run(lane.slotArrays(), lane.slotOffsets(), count) : 0;
            if (done > 0) {
                move(done, lane);
            }
            if (done < count) {
                interpret((perSample ? sample * unitSize : 0) + start + done, count - done, lane);
            }
            if (done > 0) {
                pointToRegisters(lane);
            }
        }
    }

    /** Runs operation by operation over a chunk, given the number of its first element. */
    private void interpret(int first, int count, Lane lane) {
        for (Instruction instruction : instructions) {
            try {
                execute(instruction, lane.slotArrays(), lane.slotOffsets(), first, count);
            } catch (CambiumException e) {
                throw Step.at(instruction.path(), e);
            }
        }
    }

    private void pointToRegisters(Lane lane) {
        for (int slot = 0; slot < operandSteps.length; slot++) {
            if (registers[slot] >= 0) {
                lane.slotArrays()[slot] = lane.registers(registerTypes[slot]);
                lane.slotOffsets()[slot] = lane.register(registerTypes[slot], registers[slot]);
            }
        }
    }

    private void pointToMemory(int sample, int start, Lane lane) {
        for (int i = 0; i < reads.size(); i++) {
            if (registers[i] < 0) {
                point(i, reads.get(i), sample, start, lane);
            }
        }
        for (int i = 0; i < writes.size(); i++) {
            point(reads.size() + i, writes.get(i), sample, start, lane);
        }
    }

    /** Lets all slots begin some elements later. */
    private void move(int count, Lane lane) {
        for (int slot = 0; slot < operandSteps.length; slot++) {
            lane.slotOffsets()[slot] += count * operandSteps[slot];
        }
    }

    private void load(Load load, int sample, int start, int count, Lane lane) {
        View view = reads.get(load.slot());
        load.run().copy(view.storage().dtype(), view.storage().array(), begin(view, sample, lane), start,
                lane.slotArrays()[load.slot()], lane.slotOffsets()[load.slot()], count);
    }

    private void point(int slot, View view, int sample, int start, Lane lane) {
        lane.slotArrays()[slot] = view.storage().array();
        lane.slotOffsets()[slot] = begin(view, sample, lane) + operandSteps[slot] * start;
    }

    private int begin(View view, int sample, Lane lane) {
        return perSample ? lane.at(view, sample) : lane.at(view);
    }

    private void execute(Instruction instruction, Object[] arrays, int[] offsets, int first, int count) {
        int[] in = instruction.operands();
        int out = instruction.target();
        DType type = instruction.operandType();
        int a = in[0];
        switch (instruction.op()) {
            case Op.Unary unary ->
                    Elementwise.unary(unary.kind(), type, arrays[a], offsets[a], arrays[out], offsets[out], count);
            case Op.Cast _ ->
                    Elementwise.cast(type, registerTypes[out], arrays[a], offsets[a], arrays[out], offsets[out], count);
            case Op.Binary binary ->
                    Elementwise.binary(binary.kind(), type, arrays[a], offsets[a], operandSteps[a], arrays[in[1]],
                            offsets[in[1]], operandSteps[in[1]], arrays[out], offsets[out], count);
            case Op.Compare compare ->
                    Elementwise.compare(compare.kind(), type, arrays[a], offsets[a], operandSteps[a], arrays[in[1]],
                            offsets[in[1]], operandSteps[in[1]], (byte[]) arrays[out], offsets[out], count);
            case Op.Select _ when instruction.condition().isPresent() ->
                    Elementwise.selectCompare(instruction.condition().get().kind(),
                            (float[]) arrays[a], offsets[a], operandSteps[a], (float[]) arrays[in[1]], offsets[in[1]],
                            operandSteps[in[1]],
                            (float[]) arrays[in[2]], offsets[in[2]], operandSteps[in[2]], (float[]) arrays[in[3]],
                            offsets[in[3]],
                            operandSteps[in[3]], (float[]) arrays[out], offsets[out], count);
            case Op.Select _ -> Elementwise.select(type, (byte[]) arrays[a], offsets[a], operandSteps[a], arrays[in[1]],
                    offsets[in[1]],
                    operandSteps[in[1]], arrays[in[2]], offsets[in[2]], operandSteps[in[2]], arrays[out], offsets[out],
                    count);
            case Op.RandomBits(int stream) -> RandomBits.fill(((long[]) arrays[a])[offsets[a]], stream,
                    ((long[]) arrays[in[1]])[offsets[in[1]]], first, (int[]) arrays[out], offsets[out], count);
            default -> throw new IllegalStateException("not elementwise: " + instruction.op());
        }
    }

    @Override
    public String toString() {
        String operations = members.stream().map(member -> member.toString().split(" ", 2)[0])
                .collect(Collectors.joining(" "));
        return "elementwise " + reads + " → " + writes + ": " + operations;
    }
}
