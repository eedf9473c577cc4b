"""A small face network in ONNX, and each defect that exporters leave planted into it.

A defect is a function that changes the model in place; the sound model is the reference, since runtimes refuse some of them.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def sound_model(opset=17):
    """Two convolutions with normalisation and PReLU, a fully connected layer with a normalisation behind it."""
    random = np.random.default_rng(5)
    weights, nodes = {}, []

    def weight(name, *shape, scale=1.0, offset=0.0):
        weights[name] = (offset + scale * random.standard_normal(shape)).astype(np.float32)
        return name

    def normalization(value, name, channels):
        parameters = [weight(f"{name}.scale", channels, scale=0.1, offset=1), weight(f"{name}.shift", channels, scale=0.3),
                      weight(f"{name}.mean", channels, scale=0.3)]
        weights[f"{name}.variance"] = random.uniform(0.5, 2, channels).astype(np.float32)
        nodes.append(helper.make_node("BatchNormalization", [value, *parameters, f"{name}.variance"], [name], name))
        return name

    def convolution(value, name, inputs, outputs):
        weight(f"{name}.weight", outputs, inputs, 3, 3, scale=(2 / inputs / 9)**0.5)
        nodes.append(helper.make_node("Conv", [value, f"{name}.weight"], [name], name, kernel_shape=[3, 3],
                                      strides=[2, 2], pads=[1, 1, 1, 1]))
        return name

    def prelu(value, name, channels):
        weight(f"{name}.slope", channels, 1, 1, scale=0.1, offset=0.3)
        nodes.append(helper.make_node("PRelu", [value, f"{name}.slope"], [name], name))
        return name

    value = prelu(normalization(convolution("data", "conv1", 3, 16), "bn1", 16), "prelu1", 16)
    value = prelu(normalization(convolution(value, "conv2", 16, 16), "bn2", 16), "prelu2", 16)
    nodes.append(helper.make_node("AveragePool", [value], ["pool"], "pool", kernel_shape=[7, 7], strides=[7, 7]))
    nodes.append(helper.make_node("Flatten", ["pool"], ["flat"], "flat"))
    nodes.append(helper.make_node("Gemm", ["flat", weight("fc.weight", 32, 256, scale=0.06), weight("fc.bias", 32)],
                                  ["fc"], "fc", transB=1))
    normalization("fc", "out", 32)
    graph = helper.make_graph(
        nodes, "small", [helper.make_tensor_value_info("data", TensorProto.FLOAT, ["N", 3, 112, 112])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["N", 32])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def node(model, name):
    return next(node for node in model.graph.node if node.name == name)


def constant(model, name):
    return next(tensor for tensor in model.graph.initializer if tensor.name == name)


def replace_constant(model, name, array):
    constant(model, name).CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), name))


def insert(model, before, *nodes):
    position = list(model.graph.node).index(node(model, before))
    for offset, new in enumerate(nodes):
        model.graph.node.insert(position + offset, new)


def add_constant(model, name, array):
    model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))


def fixed_batch(model):
    for value in [model.graph.input[0], model.graph.output[0]]:
        value.type.tensor_type.shape.dim[0].dim_value = 1


def fixed_batch_in_reshape(model):
    fixed_batch(model)
    stale_reshape(model)


def stale_reshape(model):
    """The declared batch is free, the constant inside is not."""
    add_constant(model, "target", np.array([1, 256]))
    flat = node(model, "flat")
    flat.op_type = "Reshape"
    flat.input.append("target")


def computed_reshape(model):
    add_constant(model, "zero", np.array([0]))
    add_constant(model, "open", np.array([-1]))
    insert(model, "flat", helper.make_node("Shape", ["pool"], ["shape"]),
           helper.make_node("Gather", ["shape", "zero"], ["batch"]),
           helper.make_node("Concat", ["batch", "open"], ["target"], axis=0))
    flat = node(model, "flat")
    flat.op_type = "Reshape"
    flat.input.append("target")


def listed_initializers(model):
    model.ir_version = 3
    for tensor in model.graph.initializer:
        model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))


def unused_input(model):
    model.graph.input.append(helper.make_tensor_value_info("label", TensorProto.FLOAT, [1]))


def flat_slopes(model):
    for name in ("prelu1.slope", "prelu2.slope"):
        replace_constant(model, name, numpy_helper.to_array(constant(model, name)).reshape(16))


def spatial_zero(model):
    """MXNet's exporter wrote it beside one value a channel."""
    model.opset_import[0].version = 8
    for name in ("bn1", "bn2"):
        node(model, name).attribute.append(helper.make_attribute("spatial", 0))


def old_opset(model):
    model.opset_import[0].version = 7


def dropout(model):
    model.opset_import[0].version = 11
    insert(model, "flat", helper.make_node("Dropout", ["pool"], ["dropped"], ratio=0.4),
           helper.make_node("Identity", ["dropped"], ["same"]))
    node(model, "flat").input[0] = "same"


def constant_nodes(model):
    for name in ("conv1.weight", "fc.bias", "prelu1.slope"):
        tensor = constant(model, name)
        insert(model, "conv1", helper.make_node("Constant", [], [name], value=tensor))
        model.graph.initializer.remove(tensor)


def transposed_weights(model):
    """As exporters leave them that fold no constants."""
    replace_constant(model, "fc.weight", numpy_helper.to_array(constant(model, "fc.weight")).T)
    insert(model, "fc", helper.make_node("Transpose", ["fc.weight"], ["fc.weight.t"], perm=[1, 0]))
    node(model, "fc").input[1] = "fc.weight.t"
    slope = numpy_helper.to_array(constant(model, "prelu1.slope")).reshape(16)
    replace_constant(model, "prelu1.slope", slope)
    add_constant(model, "axes", np.array([1, 2]))
    insert(model, "prelu1", helper.make_node("Unsqueeze", ["prelu1.slope", "axes"], ["prelu1.slope.u"]))
    node(model, "prelu1").input[1] = "prelu1.slope.u"


def decomposed_normalization(model):
    """(x − mean) / √(variance + ε) · scale + shift, one node each."""
    shaped = {}
    for part in ("scale", "shift", "mean", "variance"):
        shaped[part] = numpy_helper.to_array(constant(model, f"bn2.{part}")).reshape(16, 1, 1)
        replace_constant(model, f"bn2.{part}", shaped[part])
    add_constant(model, "epsilon", np.float32(1e-5))
    insert(model, "bn2", helper.make_node("Sub", ["conv2", "bn2.mean"], ["bn2.c"]),
           helper.make_node("Add", ["bn2.variance", "epsilon"], ["bn2.v"]),
           helper.make_node("Sqrt", ["bn2.v"], ["bn2.d"]), helper.make_node("Div", ["bn2.c", "bn2.d"], ["bn2.n"]),
           helper.make_node("Mul", ["bn2.n", "bn2.scale"], ["bn2.m"]),
           helper.make_node("Add", ["bn2.m", "bn2.shift"], ["bn2.y"]))
    node(model, "prelu2").input[0] = "bn2.y"
    model.graph.node.remove(node(model, "bn2"))


def product_and_addend(model):
    replace_constant(model, "fc.weight", numpy_helper.to_array(constant(model, "fc.weight")).T)
    insert(model, "fc", helper.make_node("MatMul", ["flat", "fc.weight"], ["product"]))
    layer = node(model, "fc")
    layer.CopyFrom(helper.make_node("Add", ["fc.bias", "product"], ["fc"], "fc"))


def factors_in_gemm(model):
    replace_constant(model, "fc.weight", numpy_helper.to_array(constant(model, "fc.weight")) * 4)
    replace_constant(model, "fc.bias", numpy_helper.to_array(constant(model, "fc.bias")).reshape(1, 32) / 2)
    node(model, "fc").attribute.extend([helper.make_attribute("alpha", 0.25), helper.make_attribute("beta", 2.0)])


def dead_nodes(model):
    add_constant(model, "spare", np.ones(4, np.float32))
    model.graph.node.append(helper.make_node("Relu", ["flat"], ["dead"]))


def duplicate_weights(model):
    add_constant(model, "copy", numpy_helper.to_array(constant(model, "bn1.scale")))
    replace_constant(model, "bn2.scale", numpy_helper.to_array(constant(model, "bn1.scale")))


def normalization_inside(model):
    add_constant(model, "mean", np.float32(127.5))
    add_constant(model, "factor", np.float32(1 / 128))
    insert(model, "conv1", helper.make_node("Sub", ["data", "mean"], ["centred"]),
           helper.make_node("Mul", ["centred", "factor"], ["scaled"]))
    node(model, "conv1").input[0] = "scaled"


def quantised_weights(model):
    """Int8 with a scale for each output channel."""
    for layer in ("conv1", "conv2"):
        array = numpy_helper.to_array(constant(model, f"{layer}.weight"))
        scale = np.abs(array).max((1, 2, 3)).astype(np.float32) / 127
        whole = np.round(array / scale[:, None, None, None]).astype(np.int8)
        # The sound model must have the same weights, so these are the rounded ones in both.
        replace_constant(model, f"{layer}.weight", whole)
        add_constant(model, f"{layer}.scale", scale)
        insert(model, layer, helper.make_node("DequantizeLinear", [f"{layer}.weight", f"{layer}.scale"],
                                              [f"{layer}.weight.f"], axis=0))
        node(model, layer).input[1] = f"{layer}.weight.f"


def notes_that_survive(model):
    """No defect: metadata and documentation stay whatever is done."""
    helper.set_model_props(model, {"owner": "somebody", "trained_on": "faces"})
    model.doc_string = "a note"


DEFECTS = [fixed_batch, fixed_batch_in_reshape, stale_reshape, computed_reshape, listed_initializers, unused_input,
           flat_slopes, spatial_zero, old_opset, dropout, constant_nodes, transposed_weights, decomposed_normalization,
           product_and_addend, factors_in_gemm, dead_nodes, duplicate_weights, notes_that_survive]
