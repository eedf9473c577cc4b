// One import is enough for users: FaceBatch, landmarks and their errors come with the facade.
@_exported public import FaceImages
