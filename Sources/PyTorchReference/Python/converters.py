"""onnx2torch names a converter for each version of an operator, and knows few versions after opset 17."""

# Their later versions take more types, or say more of types that no face model has; on floats they do what they did.
WIDENED = ("Cast", "Constant", "Conv", "Dropout", "Elu", "Flatten", "GlobalAveragePool", "HardSigmoid", "HardSwish",
           "Identity", "InstanceNormalization", "LpNormalization", "MaxPool", "Reshape", "Shape", "Softplus", "Squeeze",
           "Transpose", "Unsqueeze")
FIRST_LATER_OPSET = 18


def register_later_versions():
    """Lets the newest converter of each of these operators stand for the versions that came after it."""
    from onnx import defs
    from onnx2torch.node_converters import registry

    versions = {(schema.name, schema.since_version) for schema in defs.get_all_schemas_with_history()
                if schema.domain == defs.ONNX_DOMAIN and schema.name in WIDENED
                and schema.since_version >= FIRST_LATER_OPSET}
    for operator, version in sorted(versions):
        if converter(registry, operator, version) is None:
            earlier = converter(registry, operator, version - 1)
            if earlier is not None:
                registry.add_converter(operation_type=operator, version=version)(earlier)


def converter(registry, operator, version):
    try:
        return registry.get_converter(operation_type=operator, version=version)
    except NotImplementedError:
        return None
