package dev.cambium.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cambium.tensor.DType;
import dev.cambium.tensor.Graph;
import dev.cambium.tensor.Op;
import dev.cambium.tensor.Tensor;
import dev.cambium.tensor.Variable;

/**
 * An update of a parameter and its two running means by Adam, which TensorFlow's {@code ResourceApplyAdam} makes in one pass over
 * them. It is recognised by the regions {@code adam_mean}, {@code adam_square} and {@code adam_parameter}.
 *
 * <p>
 * The kernel takes what stays of a mean, beta, and adds the share 1 − beta, which for a beta just below 1 has few digits: 0.999 in
 * float32 leaves 0.00099998713, 1.3e-5 of it too little. The mean of squares is as much too small at every step, so a step size and
 * an epsilon that are smaller by the root of it give the same steps. Betas that lose more than {@link #TOLERANCE} are left to the
 * general path.
 *
 * @param parameter
 *            what is optimized
 * @param mean
 *            the running mean of its gradient
 * @param square
 *            the running mean of its gradient's square
 * @param operands
 *            the gradient, the step size and epsilon
 * @param beta1
 *            what stays of the mean from step to step
 * @param beta2
 *            what stays of the mean of squares
 */
record AdamUpdate(Variable parameter, Variable mean, Variable square, List<Tensor> operands, double beta1,
        double beta2) {
    private static final double TOLERANCE = 2e-5;

    /** All of them in a graph whose means are used for nothing else. */
    static List<AdamUpdate> in(Graph graph) {
        Map<Tensor, Long> uses = Lowering.uses(graph);
        var found = new ArrayList<AdamUpdate>();
        graph.updates().forEach((variable, value) -> {
            if (isRegion(value, "adam_parameter") && value.shape().size() > 0 && uses.getOrDefault(value, 0L) == 1
                    && value.inputs().subList(1, 3).stream().allMatch(mean -> uses.getOrDefault(mean, 0L) == 2)) {
                of(graph, variable, value).ifPresent(found::add);
            }
        });
        return found;
    }

    private static Optional<AdamUpdate> of(Graph graph, Variable parameter, Tensor value) {
        Tensor mean = value.input(1);
        Tensor square = value.input(2);
        DType dtype = value.dtype();
        boolean hasKernel = dtype == DType.FLOAT32 || dtype == DType.FLOAT64;
        if (!hasKernel || !isRegion(mean, "adam_mean") || !isRegion(square, "adam_square")
                || !mean.input(1).equals(square.input(1))
                || !(value.input(0).op() instanceof Op.ReadVariable(Variable read) && read.equals(parameter))
                || !(mean.input(0).op() instanceof Op.ReadVariable(Variable ofMean))
                || !(square.input(0).op() instanceof Op.ReadVariable(Variable ofSquare))
                || !mean.equals(graph.updates().get(ofMean)) || !square.equals(graph.updates().get(ofSquare))
                || !(mean.input(2).op() instanceof Op.Constant(var share1))
                || !(square.input(2).op() instanceof Op.Constant(var beta2))
                || !(square.input(3).op() instanceof Op.Constant(var share2))) {
            return Optional.empty();
        }
        double beta1 = rounded(dtype, 1 - share1.item());
        if (!leaves(dtype, beta1, share1.item()) || !leaves(dtype, beta2.item(), share2.item())) {
            return Optional.empty();
        }
        double scale = Math.sqrt(rounded(dtype, 1 - beta2.item()) / share2.item());
        return Optional.of(new AdamUpdate(parameter, ofMean, ofSquare,
                List.of(mean.input(1), value.input(3).mul(scale), value.input(4).mul(scale)), beta1, beta2.item()));
    }

    private static boolean isRegion(Tensor tensor, String name) {
        return tensor.op() instanceof Op.Region region && region.name().equals(name);
    }

    /** Whether 1 − beta, as the kernel computes it, is the share that is meant. */
    private static boolean leaves(DType dtype, double beta, double share) {
        return Math.abs(rounded(dtype, 1 - beta) - share) <= TOLERANCE * share;
    }

    private static double rounded(DType dtype, double number) {
        return dtype == DType.FLOAT32 ? (float) number : number;
    }

    /** The variables that it gives new values. */
    Set<Variable> variables() {
        return Set.of(parameter, mean, square);
    }
}
