import type { FoldsOf } from './fold-parts.ts';

/** What people say about lines of code: collected, sent as one message, addressed. */
export const commentFolds: FoldsOf<'comment'> = {
  'comment.added': (state, { commentId, comment }, { at }) => ({
    comments: [...state.comments, { ...comment, id: commentId, at, feedbackId: null, addressed: null }],
    highestComment: Math.max(state.highestComment, Number(commentId.slice(3))),
  }),
  'comment.removed': (state, { commentId }) => ({
    comments: state.comments.filter((item) => item.id !== commentId),
  }),
  'comment.sent': (state, { commentIds, feedbackId }) => ({
    comments: state.comments.map((item) => (commentIds.includes(item.id) ? { ...item, feedbackId } : item)),
  }),
  'comment.addressed': (state, { commentId, checkpointId }, { actor }) => ({
    comments: state.comments.map((item) =>
      item.id === commentId ? { ...item, addressed: { checkpointId, by: actor } } : item,
    ),
  }),
};
